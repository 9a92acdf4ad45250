//! States as badges: a sign and a word, with the tone as a third cue only.

use std::borrow::Cow;

use casemill_plugin_sdk::model::{
    Abnormality, ActionStatus, Assertion, Certainty, Challenge, GenomicResult, ItemStatus, MarkerResult, Severity,
};

use super::plain;
use crate::view::Badge;

fn badge<'a>(sign: &'static str, word: impl Into<Cow<'a, str>>, tone: &'static str) -> Badge<'a> {
    Badge { sign, word: word.into(), tone }
}

/// Whether something is so.
pub(crate) fn assertion(assertion: &Assertion) -> Badge<'_> {
    match assertion {
        Assertion::Present => badge("+", "present", "on"),
        Assertion::Absent => badge("−", "absent", "off"),
        Assertion::Uncertain => badge("?", "uncertain", "open"),
        other => badge("·", plain(other.as_str()), "open"),
    }
}

/// Whether a treatment took place.
pub(crate) fn action(status: &ActionStatus) -> Badge<'_> {
    match status {
        ActionStatus::Given => badge("●", "given", "on"),
        ActionStatus::Planned => badge("○", "planned", "open"),
        ActionStatus::Considered => badge("?", "considered", "open"),
        ActionStatus::Declined => badge("✕", "declined", "off"),
        ActionStatus::NotGiven => badge("−", "not given", "off"),
        other => badge("·", plain(other.as_str()), "open"),
    }
}

/// Whether a procedure took place.
pub(crate) fn procedure(status: &ActionStatus) -> Badge<'_> {
    match status {
        ActionStatus::Given => badge("●", "performed", "on"),
        ActionStatus::NotGiven => badge("−", "not performed", "off"),
        other => action(other),
    }
}

/// Result of a marker.
pub(crate) fn marker(result: &MarkerResult) -> Badge<'_> {
    match result {
        MarkerResult::Positive => badge("+", "positive", "on"),
        MarkerResult::Negative => badge("−", "negative", "off"),
        MarkerResult::Equivocal => badge("±", "equivocal", "open"),
        MarkerResult::Retained => badge("=", "retained", "plain"),
        MarkerResult::Lost => badge("↓", "lost", "alert"),
        other => badge("·", plain(other.as_str()), "open"),
    }
}

/// Result of a genomic test.
pub(crate) fn genomic(result: &GenomicResult) -> Badge<'_> {
    match result {
        GenomicResult::Detected => badge("+", "detected", "on"),
        GenomicResult::NotDetected => badge("−", "not detected", "off"),
        GenomicResult::Equivocal => badge("±", "equivocal", "open"),
        other => badge("·", plain(other.as_str()), "open"),
    }
}

/// Certainty of a diagnosis.
pub(crate) fn certainty(certainty: &Certainty) -> Badge<'_> {
    match certainty {
        Certainty::Confirmed => badge("●", "confirmed", "on"),
        Certainty::Suspected => badge("?", "suspected", "open"),
        Certainty::Differential => badge("◇", "differential", "open"),
        Certainty::RuledOut => badge("✕", "ruled out", "off"),
        other => badge("·", plain(other.as_str()), "open"),
    }
}

/// Position of a value against its reference.
pub(crate) fn abnormality(abnormality: &Abnormality) -> Badge<'_> {
    match abnormality {
        Abnormality::Normal => badge("=", "normal", "plain"),
        Abnormality::High => badge("▲", "high", "alert"),
        Abnormality::Low => badge("▼", "low", "alert"),
        Abnormality::Abnormal => badge("◆", "abnormal", "alert"),
        other => badge("·", plain(other.as_str()), "open"),
    }
}

/// Result of stopping or restarting a suspect; `what` is `dechallenge` or `rechallenge`.
pub(crate) fn challenge(what: &str, result: &Challenge) -> Badge<'static> {
    match result {
        Challenge::Positive => badge("+", format!("{what} positive"), "on"),
        Challenge::Negative => badge("−", format!("{what} negative"), "off"),
        other => badge("?", format!("{what} {}", plain(other.as_str())), "open"),
    }
}

/// State of a checklist item.
pub(crate) fn item(status: &ItemStatus) -> Badge<'_> {
    match status {
        ItemStatus::Present => badge("✓", "present", "on"),
        ItemStatus::Partial => badge("◐", "partial", "open"),
        ItemStatus::Absent => badge("✕", "absent", "alert"),
        ItemStatus::NotApplicable => badge("–", "not applicable", "plain"),
        other => badge("·", plain(other.as_str()), "open"),
    }
}

/// Gravity of a diagnostic.
pub(crate) const fn severity(severity: Severity) -> Badge<'static> {
    let (sign, tone) = match severity {
        Severity::Error => ("✕", "alert"),
        Severity::Warning => ("!", "open"),
        Severity::Info => ("i", "info"),
    };
    Badge { sign, word: Cow::Borrowed(severity.as_str()), tone }
}
