//! A PostgreSQL of our own for the tests: in a temporary folder, gone afterwards whatever happens.

use crate::process::{Scratch, is_root, printed};
use crate::{Outcome, failed, tools};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The account under which the server runs where we are root, since it refuses to run as root.
const ACCOUNT: &str = "minga-pg";

/// Runs the server until its standard input is closed, which the system does for us if we are killed.
/// Ctrl-C in a terminal reaches this shell as well; it has to outlive that, to clean up.
const KEEPER: &str = r#"
trap '' INT HUP TERM
folder=$1; shift
"$@" >"$folder/log" 2>&1 &
read -r _
kill -INT $! 2>/dev/null
wait $!
rm -rf "$folder"
"#;

/// A server that runs until this is dropped.
pub(crate) struct Postgres {
    keeper: Child,
    url: String,
    /// Removed last.
    folder: Scratch,
}

impl Postgres {
    /// Starts a server; none if there is no PostgreSQL here and we cannot install it.
    pub(crate) fn start() -> Outcome<Option<Self>> {
        let bin = match tools::postgres() {
            Some(bin) => bin,
            None => {
                tools::install(&["postgresql"])?;
                let Some(bin) = tools::postgres() else {
                    return Ok(None);
                };
                bin
            }
        };
        let account = if is_root() { Some(account()?) } else { None };
        let folder = Scratch::within(&std::env::temp_dir(), "pg")?;
        if account.is_some() {
            printed(
                Command::new("chown")
                    .arg(format!("{ACCOUNT}:"))
                    .arg(folder.path()),
            )?;
        }
        let run_as = |command: &mut Command| {
            command.current_dir(folder.path());
            if let Some((user, group)) = account {
                command.uid(user).gid(group);
            }
        };
        let data = folder.join("data");
        let mut initdb = Command::new(bin.join("initdb"));
        initdb.args([
            "--locale=C",
            "-E",
            "UTF8",
            "--auth=trust",
            "-U",
            "minga",
            "--no-sync",
            "-D",
        ]);
        initdb.arg(&data);
        run_as(&mut initdb);
        printed(&mut initdb)?;

        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut keeper = Command::new("sh");
        keeper.args(["-c", KEEPER, "keeper"]).arg(folder.path());
        keeper.arg(bin.join("postgres")).arg("-D").arg(&data);
        // Nothing of this has to survive a power cut.
        for setting in [
            "listen_addresses=127.0.0.1",
            &format!("port={port}"),
            &format!("unix_socket_directories={}", folder.path().display()),
            "fsync=off",
            "synchronous_commit=off",
            "full_page_writes=off",
            "max_connections=200",
        ] {
            keeper.args(["-c", setting]);
        }
        run_as(&mut keeper);
        let keeper = keeper
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let url = format!("postgres://minga@127.0.0.1:{port}/postgres");
        let postgres = Self {
            keeper,
            url,
            folder,
        };
        postgres.wait()?;
        Ok(Some(postgres))
    }

    /// Returns the address of its database; its collation is C.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    fn wait(&self) -> Outcome {
        let log = self.folder.join("log");
        let began = Instant::now();
        loop {
            let said = std::fs::read_to_string(&log).unwrap_or_default();
            if said.contains("ready to accept connections") {
                return Ok(());
            }
            if said.contains("FATAL") || began.elapsed() > Duration::from_secs(60) {
                return failed(format!("PostgreSQL does not start: {}", said.trim()));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

/// Returns the numbers of the account for the server, which is made if there is none.
fn account() -> Outcome<(u32, u32)> {
    let number = |what: &str| -> Option<u32> {
        printed(Command::new("id").args([what, ACCOUNT]))
            .ok()?
            .trim()
            .parse()
            .ok()
    };
    if number("-u").is_none() {
        let none = Path::new("/usr/sbin/nologin");
        printed(
            Command::new("useradd")
                .args(["--system", "--user-group", "--no-create-home", "--shell"])
                .arg(none)
                .arg(ACCOUNT),
        )?;
    }
    match (number("-u"), number("-g")) {
        (Some(user), Some(group)) => Ok((user, group)),
        _ => failed(format!(
            "PostgreSQL refuses to run as root, and there is no account {ACCOUNT}"
        )),
    }
}
