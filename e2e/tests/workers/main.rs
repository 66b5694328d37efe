//! The workers that ship, as a client meets them through the gateway.

mod new_tool;
