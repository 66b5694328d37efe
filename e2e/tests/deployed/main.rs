//! The templates, deployed into moto: what it makes of them, and a gateway that is served its catalog from there.

mod gateway;
mod stacks;
mod support;
