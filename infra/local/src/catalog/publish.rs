use std::io;
use std::path::Path;

use super::Tool;

/// Writes the catalog of `tools` into `folder`: one document per tool, the one a deployment
/// publishes, which names the function the tool is served by.
///
/// # Errors
/// If a file cannot be written.
pub fn publish(tools: &[Tool], folder: &Path) -> io::Result<()> {
    for tool in tools {
        let mut entry = tool.manifest.clone();
        entry.function = Some(tool.function_name());
        let json = serde_json::to_vec(&entry)?;
        std::fs::write(folder.join(format!("{}.json", tool.function_name())), json)?;
    }
    Ok(())
}
