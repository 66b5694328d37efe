use std::io::Write;
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Mutex;

/// Kills what a host started if the host itself dies without a chance to: a shell that reads the
/// process groups alive from a pipe, and kills those left when the pipe closes.
///
/// Nothing else reaches a child after `SIGKILL` of its parent, and a runtime that polls for work
/// without end would keep a processor busy for ever.
#[derive(Debug)]
pub(crate) struct Guard {
    shell: Child,
    pipe: Mutex<Option<ChildStdin>>,
}

const SCRIPT: &str = r#"
groups=
while read -r change group; do
  if [ "$change" = + ]; then
    groups="$groups $group"
  else
    kept=
    for each in $groups; do [ "$each" = "$group" ] || kept="$kept $each"; done
    groups=$kept
  fi
done
for each in $groups; do kill -KILL "-$each" 2>/dev/null; done
"#;

impl Guard {
    /// # Errors
    /// If `/bin/sh` cannot be started.
    pub(crate) fn start() -> std::io::Result<Self> {
        let mut shell = Command::new("/bin/sh")
            .args(["-c", SCRIPT])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // Ctrl-C in a terminal reaches the whole foreground group; the guard must outlive it.
            .process_group(0)
            .spawn()?;
        let pipe = Mutex::new(shell.stdin.take());
        Ok(Self { shell, pipe })
    }

    /// A process group began.
    pub(crate) fn watch(&self, group: i32) {
        self.tell('+', group);
    }

    /// A process group was killed and its leader reaped.
    pub(crate) fn release(&self, group: i32) {
        self.tell('-', group);
    }

    fn tell(&self, change: char, group: i32) {
        let mut pipe = self.pipe.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(pipe) = pipe.as_mut() {
            // If the guard was killed, there is nothing better to do than to go on without it.
            let _ = pipe.write_all(format!("{change} {group}\n").as_bytes());
        }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        let pipe = self.pipe.get_mut().unwrap_or_else(std::sync::PoisonError::into_inner);
        drop(pipe.take());
        let _ = self.shell.wait();
    }
}
