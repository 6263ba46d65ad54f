//! Asking at the terminal for what nobody should read over a shoulder.

use std::io::{BufRead, IsTerminal, Write, stderr, stdin};

use anyhow::ensure;
use nix::sys::termios::{LocalFlags, SetArg, Termios, tcgetattr, tcsetattr};
use secrecy::SecretString;

/// Asks for a line without showing it.
///
/// # Errors
/// When nobody is at the terminal.
pub fn secret(question: &str) -> anyhow::Result<SecretString> {
    ensure!(stdin().is_terminal(), "nobody is at the terminal: set HILO_PASSWORD");
    write!(stderr(), "{question}: ")?;
    stderr().flush()?;
    let silence = Silence::begin()?;
    let mut line = String::new();
    stdin().lock().read_line(&mut line)?;
    drop(silence);
    writeln!(stderr())?;
    Ok(SecretString::from(line.trim_end_matches(['\r', '\n'])))
}

/// The terminal shows nothing of what is typed until this is dropped.
struct Silence(Termios);

impl Silence {
    fn begin() -> anyhow::Result<Self> {
        let before = tcgetattr(stdin())?;
        let mut silent = before.clone();
        silent.local_flags.remove(LocalFlags::ECHO);
        tcsetattr(stdin(), SetArg::TCSAFLUSH, &silent)?;
        Ok(Self(before))
    }
}

impl Drop for Silence {
    fn drop(&mut self) {
        // There is nobody to tell, and a shell sets its terminal right again.
        let _ = tcsetattr(stdin(), SetArg::TCSANOW, &self.0);
    }
}
