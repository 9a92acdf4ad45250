"""Annotates the texts of a folder with one peer and prints what it took, for `cargo xtask bench --peers`.

    peers.py PEER HPO FOLDER WORK

PEER is fasthpocr or negspacy, HPO an OBO graphs file, WORK a folder for what a peer prepares once. One line of JSON:
processor seconds over all texts (the vocabulary is loaded before the clock starts), and for each file its annotations
[start, end, id], offsets in code points.
"""

import contextlib
import gzip
import json
import pathlib
import sys
import time


def fasthpocr(hpo, work):
    from FastHPOCR.HPOAnnotator import HPOAnnotator
    from FastHPOCR.IndexHPO import IndexHPO

    index = work / "hp.index"
    if not index.exists():
        IndexHPO(str(hpo), str(work)).index()
    annotator = HPOAnnotator(str(index))

    def annotate(text):
        found = annotator.annotate(text)
        return [[a.getStartOffset(), a.getEndOffset(), a.getHPOUri()] for a in found]

    return annotate


def negspacy(hpo, work):
    import spacy
    from negspacy.negation import Negex  # noqa: F401  (registers the component)

    names = {}
    opened = gzip.open(hpo, "rt") if hpo.suffix == ".gz" else open(hpo)
    with opened as file:
        for node in json.load(file)["graphs"][0]["nodes"]:
            code = node["id"].rsplit("/", 1)[-1].replace("_", ":")
            if not code.startswith("HP:") or node.get("meta", {}).get("deprecated") or "lbl" not in node:
                continue
            synonyms = node.get("meta", {}).get("synonyms", [])
            for name in [node["lbl"], *(s["val"] for s in synonyms if s["pred"] == "hasExactSynonym")]:
                names.setdefault(name.lower(), code)
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    ruler = nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
    with nlp.select_pipes(disable=["sentencizer"]):
        ruler.add_patterns([{"label": "HPO", "pattern": name, "id": code} for name, code in names.items()])
    nlp.add_pipe("negex", config={"ent_types": ["HPO"]})

    def annotate(text):
        return [[e.start_char, e.end_char, e.ent_id_] for e in nlp(text).ents]

    return annotate


def main():
    peer, hpo, folder, work = sys.argv[1:]
    with contextlib.redirect_stdout(sys.stderr):
        annotate = {"fasthpocr": fasthpocr, "negspacy": negspacy}[peer](pathlib.Path(hpo), pathlib.Path(work))
        texts = {p.name: p.read_text(encoding="utf-8") for p in sorted(pathlib.Path(folder).glob("*.txt"))}
        start = time.process_time()
        found = {name: annotate(text) for name, text in texts.items()}
        seconds = time.process_time() - start
    print(json.dumps({"seconds": seconds, "found": found}))


main()
