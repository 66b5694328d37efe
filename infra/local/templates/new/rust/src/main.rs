//! The worker of `tool_name`. A further tool is a folder beside `tool_module` and a `.tool(…)` here.

mod tool_module;

use std::process::ExitCode;

use penstock_kit::Family;

fn main() -> ExitCode {
    Family::new().tool(|| tool_module::ToolName).serve()
}
