//! Chromium, in which the console is tested: Debian's.

use crate::problem::Problem;
use crate::shell;
use std::path::Path;

/// Where tests/scenarios looks for it, too (console/tests/browser.mjs).
const PLACES: &[&str] = &["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/// Installs it where there is none.
pub(crate) fn install(root: &Path) -> Result<(), Problem> {
    let named = std::env::var_os("CLOUDCHAMBER_CHROMIUM").is_some();
    if named || PLACES.iter().any(|place| Path::new(place).exists()) {
        return Ok(());
    }
    if !shell::present("apt-get", &["--version"]) {
        return Err(Problem::new(
            "there is no Chromium on this machine to test the console in: install one, and name it in CLOUDCHAMBER_CHROMIUM",
        ));
    }
    eprintln!("Installing Debian's Chromium (about a minute, once)");
    // A list of packages may be missing or old on a new machine.
    shell::run(root, "apt-get", &["update", "--quiet", "--quiet"])?;
    let install = ["install", "--yes", "--quiet", "--no-install-recommends", "chromium", "fonts-liberation"];
    shell::run_with(root, "apt-get", &install, &[("DEBIAN_FRONTEND", "noninteractive")])
}
