//! The same inputs give the same bytes, however the work is done.

use casemill_tests::{Folder, SHORT, casemill, letter, same};

const TO: &str = "json,html,phenopacket,csv";

fn reports(folder: &Folder) {
    for i in 0..5 {
        folder.write(&format!("in/report-{i}.txt"), SHORT.replace("34-year", &format!("{}-year", 30 + i)));
    }
    std::fs::copy(letter(), folder.path("in/letter.txt")).expect("the letter can be copied");
}

#[test]
fn any_number_of_jobs_and_either_transport_give_the_same_bytes() {
    let folder = Folder::new();
    reports(&folder);
    for (name, options) in [
        ("one", &["--jobs", "1"][..]),
        ("four", &["--jobs", "4"]),
        ("again", &["--jobs", "4"]),
        ("inside", &["--jobs", "1", "--in-process"]),
    ] {
        casemill(["run", "--quiet", "in", "--to", TO, "-o", name])
            .args(options)
            .within(folder.path(""))
            .run()
            .expect(0);
    }
    // The journal notes inputs in the order in which they were finished.
    for name in ["one", "four", "again", "inside"] {
        std::fs::remove_file(folder.path(name).join("casemill-run.journal")).expect("a run has a journal");
    }
    for name in ["four", "again", "inside"] {
        same(&folder.path("one"), &folder.path(name), name);
    }
}

/// A record says nothing of the machine, the time or where the input lay.
#[test]
fn records_do_not_depend_on_the_place() {
    let folder = Folder::new();
    folder.write("a/short.txt", SHORT);
    folder.write("b/c/short.txt", SHORT);
    let record = |place: &str| casemill(["extract", "short.txt"]).within(folder.path(place)).run().expect(0).out;
    assert!(record("a") == record("b/c"));
    let elsewhere = casemill(["extract", "short.txt"])
        .within(folder.path("a"))
        .env("TZ", "Asia/Tokyo")
        .env("LC_ALL", "de_DE.UTF-8")
        .run()
        .expect(0);
    assert!(record("a") == elsewhere.out);
}

#[test]
fn many_reports_come_in_the_order_of_the_inputs() {
    let folder = Folder::new();
    reports(&folder);
    let lines = casemill(["extract", "in", "--jobs", "4"]).within(folder.path("")).run().expect(0).text();
    let names: Vec<String> = lines
        .lines()
        .map(|line| {
            let record: serde_json::Value = serde_json::from_str(line).expect("each line is a record");
            record["document"]["source"]["name"].as_str().unwrap_or_default().to_owned()
        })
        .collect();
    let mut sorted = names.clone();
    sorted.sort();
    assert_eq!(names.len(), 6);
    assert_eq!(names, sorted);
}
