//! `measurements`: laboratory values and sizes of tumours.

use casemill_plugin_sdk::model::{
    Abnormality, AnyFact, Comparator, Decimal, Fact, Measurement as Measured, Quantity as Stated, TumourSize,
};

use crate::codes::{self, Code};
use crate::export::Export;
use crate::schema::{
    ComplexValue, Measurement, MeasurementValue, OntologyClass, Quantity, ReferenceRange, TypedQuantity, Value,
};
use crate::words;

/// All measurements of the patient; those of tissue stand with their biosample.
pub(crate) fn measurements(export: &mut Export<'_>) -> Vec<Measurement> {
    let mut out = Vec::new();
    for fact in &export.case.measurements {
        laboratory(export, &mut out, fact);
    }
    for fact in &export.case.tumour_sizes {
        size(export, &mut out, fact);
    }
    out
}

/// Adds a measurement with its time. Lists of measurements must not repeat an element, so what is the same, time
/// included, is one with two facts behind it.
pub(crate) fn push<T>(
    export: &mut Export<'_>,
    list: &mut Vec<Measurement>,
    path: &str,
    fact: &Fact<T>,
    mut measurement: Measurement,
) where
    Fact<T>: AnyFact,
{
    let time = fact.timing.as_ref().and_then(|t| export.ages.at(t)).map(|t| t.element);
    measurement.time_observed = time;
    let same = list.iter().position(|m| *m == measurement);
    let index = same.unwrap_or(list.len());
    let pointer = format!("{path}/{index}");
    export.trace.fact(&pointer, fact);
    export.time(&format!("{pointer}/timeObserved"), fact, "time", fact.timing.as_ref());
    if same.is_none() {
        list.push(measurement);
    }
}

fn laboratory(export: &mut Export<'_>, out: &mut Vec<Measurement>, fact: &Fact<Measured>) {
    if !export.holds(fact) {
        return;
    }
    let Some(assay) = export.class(&fact.codings, codes::ASSAY) else {
        let reason = export.no_class(&fact.codings, codes::ASSAY).replace("the element", "the assay");
        export.losses.whole(fact, reason);
        return;
    };
    let value = match value(&fact.value) {
        Ok(value) => value,
        Err(reason) => {
            export.losses.whole(fact, reason);
            return;
        }
    };
    lost_parts(export, fact, &value);
    let measurement = Measurement {
        description: fact.quote().to_owned(),
        assay,
        value: MeasurementValue::Value(value),
        time_observed: None,
    };
    push(export, out, "/measurements", fact, measurement);
}

/// The value of a laboratory measurement, or why it is none.
fn value(measured: &Measured) -> Result<Value, String> {
    if let Some(stated) = &measured.quantity {
        let mut quantity = quantity(stated)?;
        quantity.reference_range = measured.reference.as_ref().and_then(|range| {
            let (low, high) = (number(range.low.as_ref()?)?, number(range.high.as_ref()?)?);
            Some(ReferenceRange { unit: quantity.unit.clone(), low, high })
        });
        return Ok(Value::Quantity(quantity));
    }
    let in_words = measured.text.as_ref().and_then(|text| words::result(&text.quote));
    let code = in_words.or_else(|| measured.abnormality.as_ref().and_then(abnormal));
    code.map(|code| Value::OntologyClass(code.into()))
        .ok_or_else(|| "its result is words without a verified code; a value is a number or a term".to_owned())
}

fn abnormal(abnormality: &Abnormality) -> Option<Code> {
    match abnormality {
        Abnormality::High => Some(codes::ELEVATED),
        Abnormality::Low => Some(codes::REDUCED),
        Abnormality::Abnormal => Some(codes::ABNORMAL),
        Abnormality::Normal | Abnormality::Other(_) => None,
    }
}

/// A quantity, or why it is none: it has a number and a unit, and neither comparator nor upper end.
pub(crate) fn quantity(stated: &Stated) -> Result<Quantity, String> {
    if !matches!(stated.comparator, Comparator::Equal | Comparator::About) {
        return Err(format!("a quantity has no comparator `{}`", stated.comparator));
    }
    if let Some(upper) = &stated.upper {
        return Err(format!("a quantity is one number, not {} to {upper}", stated.value));
    }
    let unit = stated.unit.as_deref().ok_or("a quantity has a unit, and the report gives none that UCUM knows")?;
    let value = number(&stated.value).ok_or("a quantity is a number")?;
    Ok(Quantity { unit: ucum(unit), value, reference_range: None })
}

fn number(decimal: &Decimal) -> Option<f64> {
    Some(decimal.value()).filter(|n| n.is_finite())
}

/// A unit as a term. UCUM codes explain themselves; those of lengths have a label of their own.
pub(crate) fn ucum(unit: &str) -> OntologyClass {
    match unit {
        "cm" => codes::CENTIMETRE.into(),
        "mm" => codes::MILLIMETRE.into(),
        _ => OntologyClass { id: format!("UCUM:{unit}"), label: unit.to_owned() },
    }
}

fn lost_parts(export: &mut Export<'_>, fact: &Fact<Measured>, value: &Value) {
    let measured = &fact.value;
    let losses = &mut export.losses;
    if measured.quantity.as_ref().is_some_and(|q| q.comparator == Comparator::About) {
        losses.part(fact, "that the value is approximate", "a quantity has no comparator");
    }
    let Value::Quantity(quantity) = value else { return };
    if let Some(range) = measured.reference.as_ref().filter(|_| quantity.reference_range.is_none()) {
        losses.part(fact, format!("reference `{}`", range.printed.quote), "a reference range has two ends");
    }
    if let Some(abnormality) = measured.abnormality.as_ref().filter(|_| quantity.reference_range.is_none()) {
        losses.part(fact, format!("`{abnormality}`"), "a quantity does not say so without a reference range");
    }
    let told = |specimen: &&str| fact.quote().contains(specimen);
    let specimen = measured.specimen.as_deref().filter(|s| !told(s));
    losses.words(fact, "specimen", specimen, "a measurement has no specimen beside its assay");
}

/// Sizes: the largest dimension and the further ones, as LOINC and mCODE have them.
fn size(export: &mut Export<'_>, out: &mut Vec<Measurement>, fact: &Fact<TumourSize>) {
    if !export.holds(fact) {
        return;
    }
    let value = &fact.value;
    if value.lesion.to_lowercase().contains("node") {
        export.losses.whole(fact, "LOINC 21889-1 is the size of a tumour, and a lymph node is none");
        return;
    }
    let mut dimensions: Vec<f64> = value.dimensions.iter().filter_map(number).collect();
    if dimensions.is_empty() || dimensions.len() != value.dimensions.len() {
        export.losses.whole(fact, "a quantity is a number");
        return;
    }
    dimensions.sort_by(|a, b| b.total_cmp(a));
    let mut typed_quantities: Vec<TypedQuantity> = Vec::new();
    for (i, dimension) in dimensions.into_iter().enumerate() {
        let term = if i == 0 { codes::LARGEST_DIMENSION } else { codes::FURTHER_DIMENSION };
        let quantity = Quantity { unit: ucum(&value.unit), value: dimension, reference_range: None };
        let typed = TypedQuantity { term: term.into(), quantity };
        if typed_quantities.contains(&typed) {
            export.losses.part(fact, format!("second dimension of {dimension}"), "typed quantities must not repeat");
        } else {
            typed_quantities.push(typed);
        }
    }
    let measurement = Measurement {
        description: described(value, fact.quote()),
        assay: codes::TUMOUR_SIZE.into(),
        value: MeasurementValue::ComplexValue(ComplexValue { typed_quantities }),
        time_observed: None,
    };
    push(export, out, "/measurements", fact, measurement);
}

/// What was measured and how, with the printed size: `mass, liver, CT: 6 × 4 × 6 cm`.
fn described(size: &TumourSize, quote: &str) -> String {
    let lesion = Some(size.lesion.as_str()).filter(|l| !l.is_empty());
    let metastasis = size.metastasis.then_some("metastasis");
    let parts = [lesion, metastasis, size.site.as_deref(), size.modality.as_deref(), size.figure.as_deref()];
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    if parts.is_empty() { quote.to_owned() } else { format!("{}: {quote}", parts.join(", ")) }
}
