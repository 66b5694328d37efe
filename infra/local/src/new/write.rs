use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use super::template::File;

/// A folder that was made, and can be taken back.
#[derive(Debug)]
pub(super) struct Made {
    folder: PathBuf,
    /// The folders it was made in and that were not there, the innermost first.
    parents: Vec<PathBuf>,
}

impl Made {
    /// Removes it, as if it had never been.
    pub(super) fn take_back(self) -> io::Result<()> {
        fs::remove_dir_all(self.folder)?;
        for parent in self.parents {
            // Somebody may have put something there meanwhile.
            drop(fs::remove_dir(parent));
        }
        Ok(())
    }
}

/// Makes `folder` with these files in one step: whoever looks sees all of it or nothing.
pub(super) fn folder(folder: &Path, files: &[File], root: &Path) -> io::Result<Made> {
    let parent = folder.parent().unwrap_or(folder);
    let parents = parent.ancestors().take_while(|above| !above.exists()).map(Path::to_owned).collect();
    // On the same file system as the folder, and best where neither Cargo nor a running host looks for workers.
    let existing = || folder.ancestors().skip(1).find(|above| above.is_dir()).unwrap_or(root);
    let draft = tempfile::Builder::new().prefix(".penstock-new-").tempdir_in(if folder.starts_with(root) {
        root
    } else {
        existing()
    })?;
    let whole = draft.path().join("tool");
    for file in files {
        let path = whole.join(&file.path);
        path.parent().map_or(Ok(()), fs::create_dir_all)?;
        fs::write(&path, &file.text)?;
        if file.is_executable {
            let mode = fs::metadata(&path)?.permissions().mode();
            // For whoever may read it.
            fs::set_permissions(&path, Permissions::from_mode(mode | ((mode & 0o444) >> 2)))?;
        }
    }
    fs::create_dir_all(parent)?;
    fs::rename(whole, folder)?;
    Ok(Made { folder: folder.to_owned(), parents })
}
