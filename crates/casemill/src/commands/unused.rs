//! Plugins that are there and not used, with the reason.

use std::path::PathBuf;

use casemill_plugin_host::{Casualties, Registry};
use serde::Serialize;

/// A plugin that is not used, or was not used to the end of the run.
#[derive(Debug, Serialize)]
pub(super) struct Unused {
    /// Its id, if it came far enough to say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<String>,
    /// Its file.
    pub(super) file: PathBuf,
    /// `refused`, `unusable`, `shadowed` or `quarantined`.
    pub(super) state: &'static str,
    /// Why.
    pub(super) reason: String,
}

/// All of them; `deaths` is how many put a plugin into quarantine.
pub(super) fn unused(registry: &Registry, casualties: &Casualties, deaths: u32) -> Vec<Unused> {
    let shadowed = registry.shadowed.iter().map(|s| Unused {
        id: Some(s.id.clone()),
        file: s.path.clone(),
        state: "shadowed",
        reason: format!("{} is used", s.by.display()),
    });
    let troubles = registry.troubles.iter().map(|t| Unused {
        id: None,
        file: t.path.clone(),
        state: if t.refused { "refused" } else { "unusable" },
        reason: t.reason.clone(),
    });
    let quarantined = casualties.list().into_iter().filter(|(_, c)| c.deaths >= deaths).map(|(id, c)| Unused {
        file: registry.plugin(&id).map(|p| p.file.path.clone()).unwrap_or_default(),
        id: Some(id),
        state: "quarantined",
        reason: format!("it died {} times; the last time {}", c.deaths, c.last),
    });
    shadowed.chain(troubles).chain(quarantined).collect()
}
