//! The case in a few lines, in the order in which a clinician tells it. Only what the record holds.

use std::borrow::Cow;

use casemill_plugin_sdk::model::{
    ActionStatus, Case, Certainty, Diagnosis, DiagnosisRole, Fact, FactValue, GenomicFinding, GenomicResult,
    ResponseCategory, Scope, Sex, SiteRole, Stage, Treatment, TreatmentRole,
};

use super::{Chart, genomics, imaging, outcome, pathology};
use crate::view::{Cell, Part, note, value};
use crate::wording;

/// A line of the summary.
#[derive(Debug)]
pub(crate) struct Item<'a> {
    /// What it tells.
    pub(crate) term: &'static str,
    /// The values, one per line.
    pub(crate) lines: Vec<Cell<'a>>,
}

/// The lines that have something to tell, and in words what is not reported.
pub(super) fn items<'a>(chart: &Chart<'a>) -> (Vec<Item<'a>>, String) {
    let items = [
        Item { term: "Age and sex", lines: patient(chart) },
        Item { term: "Diagnosis", lines: diagnosis(chart) },
        Item { term: "Stage and grade", lines: stage_and_grade(chart) },
        Item { term: "Site and size", lines: site_and_size(chart) },
        Item { term: "Markers", lines: pathology::panel(&chart.case.marker_tests) },
        Item { term: "Genomics", lines: genomic(chart) },
        Item { term: "Treatment", lines: treatment(chart) },
        Item { term: "Best response", lines: best_response(chart) },
        Item { term: "Adverse events", lines: adverse_events(chart) },
        Item { term: "Last follow-up", lines: follow_up(chart) },
    ];
    let (told, missing): (Vec<_>, Vec<_>) = items.into_iter().partition(|i| !i.lines.is_empty());
    let missing: Vec<String> = missing.iter().map(|i| i.term.to_lowercase()).collect();
    (told, missing.join(", "))
}

/// Facts that the summary may state as facts of the patient.
fn stated<T>(facts: &[Fact<T>]) -> impl Iterator<Item = &Fact<T>> {
    facts.iter().filter(|f| f.is_present() && f.scope == Scope::Patient)
}

fn jump<'a, T: FactValue>(chart: &Chart<'a>, fact: &'a Fact<T>, text: impl Into<Cow<'a, str>>) -> Part<'a> {
    let text = text.into();
    match chart.context.link(&fact.id) {
        Some(link) => Part::Jump(link, text),
        None => Part::Value(text),
    }
}

fn patient<'a>(chart: &Chart<'a>) -> Vec<Cell<'a>> {
    let sex = chart.case.sex();
    let named = |sex: &'a Fact<Sex>| jump(chart, sex, wording::sentence(sex.value.as_str()).into_owned());
    let missing = |what: &'static str, given: bool| (!given).then(|| note(what));
    let age = chart.case.age();
    if sex.is_none() && age.is_none() {
        return Vec::new();
    }
    let mut cell: Cell<'a> = sex.map(named).into_iter().chain(missing("sex not reported", sex.is_some())).collect();
    cell.extend(age.map(|age| jump(chart, age, wording::time::age(&age.value))));
    cell.extend(missing("age not reported", age.is_some()));
    vec![cell]
}

/// Diagnoses that the report is about: the primary ones, else any neoplasm. Neither excluded ones nor those of relatives.
pub(super) fn main_diagnoses(case: &Case) -> Vec<&Fact<Diagnosis>> {
    let open = |d: &&Fact<Diagnosis>| {
        d.scope == Scope::Patient && d.value.certainty != Certainty::RuledOut && d.assertion.as_str() != "absent"
    };
    let primary: Vec<_> =
        case.diagnoses.iter().filter(open).filter(|d| d.value.role == DiagnosisRole::Primary).collect();
    if primary.is_empty() { case.diagnoses.iter().filter(open).filter(|d| d.value.neoplasm).collect() } else { primary }
}

fn diagnosis<'a>(chart: &Chart<'a>) -> Vec<Cell<'a>> {
    main_diagnoses(chart.case)
        .into_iter()
        .map(|d| {
            let name = jump(chart, d, wording::sentence(&d.value.label));
            vec![name, Part::Badge(wording::badge::certainty(&d.value.certainty))]
        })
        .collect()
}

/// A stage with its system.
pub(super) fn stage(stage: &Stage) -> String {
    match stage.system.as_str() {
        "" => format!("stage {}", stage.value),
        "TNM" => stage.value.clone(),
        system => format!("{system} {}", stage.value),
    }
}

fn stage_and_grade<'a>(chart: &Chart<'a>) -> Vec<Cell<'a>> {
    let mut lines = Vec::new();
    for diagnosis in main_diagnoses(chart.case) {
        let Diagnosis { stages, grade, .. } = &diagnosis.value;
        let words = stages.iter().map(stage).chain(grade.iter().map(|g| format!("grade: {g}")));
        let words = words.collect::<Vec<_>>().join(" · ");
        if !words.is_empty() {
            lines.push(vec![jump(chart, diagnosis, words)]);
        }
    }
    let staged = main_diagnoses(chart.case).iter().any(|d| !d.value.stages.is_empty());
    for seen in stated(&chart.case.morphology) {
        lines.extend(
            seen.value.grade.iter().map(|grade| vec![jump(chart, seen, grade.as_str()), note("by microscopy")]),
        );
    }
    if !lines.is_empty() && !staged {
        lines.push(vec![note("stage not reported")]);
    }
    lines
}

fn site_and_size<'a>(chart: &Chart<'a>) -> Vec<Cell<'a>> {
    let site = |role: SiteRole, remark: Option<&'static str>| {
        stated(&chart.case.sites).filter(move |s| s.value.role == role).map(move |s| {
            let side = wording::side(s.value.laterality.as_ref()).map(|side| format!(", {side}")).unwrap_or_default();
            let name = jump(chart, s, format!("{}{side}", wording::sentence(&s.value.label)));
            std::iter::once(name).chain(remark.map(note)).collect::<Cell<'a>>()
        })
    };
    let sizes = stated(&chart.case.tumour_sizes).map(|s| {
        let lesion = [s.value.lesion.as_str(), s.value.modality.as_deref().unwrap_or_default()];
        let remark = lesion.into_iter().filter(|l| !l.is_empty()).collect::<Vec<_>>().join(", ");
        std::iter::once(jump(chart, s, imaging::size(&s.value)))
            .chain((!remark.is_empty()).then(|| note(remark)))
            .collect()
    });
    site(SiteRole::Primary, None).chain(sizes).chain(site(SiteRole::Metastasis, Some("metastasis"))).collect()
}

fn genomic<'a>(chart: &Chart<'a>) -> Vec<Cell<'a>> {
    let found = |g: &&Fact<GenomicFinding>| g.value.result != GenomicResult::NotDetected;
    stated(&chart.case.genomic_findings)
        .filter(found)
        .map(|g| {
            let mut cell = vec![jump(chart, g, g.value.label.as_str())];
            if g.value.result == GenomicResult::Equivocal {
                cell.push(Part::Badge(wording::badge::genomic(&g.value.result)));
            }
            cell.extend(genomics::candidate_set(&g.value).map(|set| note(format!("partner open: {set}"))));
            cell
        })
        .collect()
}

fn treatment<'a>(chart: &Chart<'a>) -> Vec<Cell<'a>> {
    let against = |t: &&Fact<Treatment>| t.value.role == TreatmentRole::Anticancer;
    let (given, other): (Vec<_>, Vec<_>) =
        stated(&chart.case.treatments).filter(against).partition(|t| t.value.status == ActionStatus::Given);
    let given = given.into_iter().map(|t| {
        let mut cell = vec![jump(chart, t, wording::sentence(&t.value.agent))];
        let lasted = t
            .value
            .durations
            .iter()
            .find_map(|d| d.offset.as_ref())
            .map(|d| format!("for {}", wording::time::extent(d)));
        let ongoing = t.value.ongoing.then(|| "ongoing".to_owned());
        let line = t.value.line.map(|n| format!("line {n}"));
        let facets: Vec<String> =
            wording::doses(&t.value.doses).into_iter().chain(lasted).chain(ongoing).chain(line).collect();
        cell.push(note(if facets.is_empty() {
            "dose and duration not reported".to_owned()
        } else {
            facets.join(" · ")
        }));
        cell
    });
    let other = other.into_iter().map(|t| {
        vec![jump(chart, t, wording::sentence(&t.value.agent)), Part::Badge(wording::badge::action(&t.value.status))]
    });
    given.chain(other).collect()
}

/// Better answers first. Responses of other kinds do not compare.
const RANKS: [ResponseCategory; 4] =
    [ResponseCategory::Complete, ResponseCategory::Partial, ResponseCategory::Stable, ResponseCategory::Progression];

fn best_response<'a>(chart: &Chart<'a>) -> Vec<Cell<'a>> {
    let rank = |r: &Fact<casemill_plugin_sdk::model::Response>| {
        RANKS.iter().position(|c| *c == r.value.category).unwrap_or(RANKS.len())
    };
    let best = stated(&chart.case.responses).min_by_key(|r| rank(r));
    best.map(|r| {
        let category = wording::response(&r.value.category);
        let mut cell = vec![jump(chart, r, wording::sentence(&category).into_owned())];
        let words = r.timing.as_ref().filter(|t| !t.quote.is_empty());
        cell.extend(words.map(|t| note(t.quote.as_str())));
        cell.push(note(match &r.value.criteria {
            Some(criteria) => format!("by {criteria}"),
            None => "criteria not reported".to_owned(),
        }));
        cell
    })
    .into_iter()
    .collect()
}

fn adverse_events<'a>(chart: &Chart<'a>) -> Vec<Cell<'a>> {
    stated(&chart.case.adverse_events)
        .map(|a| {
            let grade = a.value.grade.map(|g| format!("grade {g}"));
            let outcome = a.value.outcome.as_ref().map(|o| wording::plain(o).into_owned());
            let suspects: Vec<&str> = a.value.suspects.iter().map(|s| s.agent.as_str()).collect();
            let suspect = (!suspects.is_empty()).then(|| format!("suspect: {}", suspects.join(", ")));
            let remark = [grade, suspect, outcome].into_iter().flatten().collect::<Vec<_>>().join(" · ");
            let name = jump(chart, a, wording::sentence(&a.value.label));
            std::iter::once(name).chain((!remark.is_empty()).then(|| note(remark))).collect()
        })
        .collect()
}

fn follow_up<'a>(chart: &Chart<'a>) -> Vec<Cell<'a>> {
    let last = stated(&chart.case.follow_up).last();
    last.map(|f| {
        let mut cell = vec![jump(chart, f, outcome::vital_status(&f.value.vital_status))];
        if f.value.lost {
            cell.push(value("lost to follow-up"));
        }
        cell.extend(f.value.disease_status.iter().map(|words| chart.context.said("", words)));
        cell.extend(f.value.duration.as_ref().map(|d| note(wording::time::extent(d))));
        cell
    })
    .into_iter()
    .collect()
}
