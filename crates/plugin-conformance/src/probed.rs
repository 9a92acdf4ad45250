//! Two instances at once, and being asked to stop.

use casemill_plugin_abi::Status;
use casemill_plugin_abi::message::{Component, OpenConfig};
use casemill_plugin_host::{Probe, probe};

use crate::{Kit, fault, inputs, version};

pub(crate) fn check(kit: &mut Kit<'_>, component: &Component) {
    let Some(input) = inputs::of(component).into_iter().next() else { return };
    let config = OpenConfig { component: component.id.clone(), casemill: version().into(), ..OpenConfig::default() };
    let job = Probe {
        path: kit.path.to_owned(),
        config,
        request: serde_json::to_vec(&input.request).unwrap_or_default(),
        attachment: input.attachment,
    };
    let seen = match probe(&job, &kit.limits) {
        Ok(seen) => seen,
        Err(error) => {
            let (message, help) = fault(&error);
            return kit.check("two instances at once", Err((message, help)));
        }
    };
    if seen.alone != Status::Ok as i32 {
        // It does not serve the sample, which has been told.
        return;
    }
    let apart = "keep what belongs to an instance in the instance: no globals, no statics that are written to";
    let differs = |differs: bool, what: &str| if differs { Err((what.to_owned(), apart)) } else { Ok(()) };
    if component.cohort {
        kit.add("a second call on one instance", crate::Outcome::Passed, "", "");
    } else {
        kit.check("a second call on one instance", differs(seen.again_differs, "its reply differs"));
    }
    kit.check("a second instance", differs(seen.second_differs, "its reply differs from that of the first"));
    kit.check("two instances at once", differs(seen.together_differs, "replies differ while two threads call"));
    let help = "when `is_cancelled` says so, stop and answer CANCELLED, or finish soon and answer OK";
    kit.check(
        "is asked to stop",
        match seen.stops() {
            true => Ok(()),
            false => Err((format!("it answers with status {}", seen.cancelled), help)),
        },
    );
    kit.check("a new instance after that", differs(seen.after_cancel_differs, "its reply differs"));
}
