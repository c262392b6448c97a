//! `digest.json` is a public contract: it fits the schema that is published beside the docs.

use crate::support::{self, Firm};

const VALIDATE: &str = "
import json, jsonschema, sys
schema = json.load(open(sys.argv[1], encoding='utf-8'))
validator = jsonschema.validators.validator_for(schema)
validator.check_schema(schema)
wrong = []
for path in sys.argv[2:]:
    digest = json.load(open(path, encoding='utf-8'))
    wrong += [f'{path}: {error.json_path}: {error.message[:200]}' for error in validator(schema).iter_errors(digest)]
print('\\n'.join(wrong))
sys.exit(bool(wrong))
";

#[test]
fn digests_fit_the_published_schema() {
    let Some(mut python) = support::python("schema") else {
        return;
    };
    python
        .args(["-c", VALIDATE])
        .arg(support::root().join("docs/digest.schema.json"));
    // Rich and poor ones: everything there, no costs and no visits, sources missing, a month, a finding of each conversion.
    let sample = Firm::of_sample("okna-sever");
    let english = Firm::of_sample("north-windows");
    let shop = Firm::of_sample("zerno");
    let poor = Firm::of_case(&support::root().join("tests/cases/source-missing"));
    for (firm, period) in [
        (&sample, "2026-W46"),
        (&sample, "2026-W23"),
        (&sample, "2026-10"),
        (&english, "2026-W46"),
        (&shop, "2026-W46"),
        (&shop, "2026-W31"),
        (&poor, "2026-W14"),
    ] {
        firm.voronka("run", &["--period", period, "--no-send"]);
        python.arg(firm.report(period).join("digest.json"));
    }
    support::run(&mut python).expect_code(0);
}

#[test]
fn the_schema_refuses_a_digest_without_a_required_field() {
    let Some(mut python) = support::python("schema") else {
        return;
    };
    let firm = Firm::of_case(&support::root().join("tests/cases/source-missing"));
    firm.voronka("run", &["--period", "2026-W14", "--no-send"]);
    let mut digest = firm.read_digest("2026-W14");
    digest
        .as_object_mut()
        .expect("a digest is an object")
        .remove("schema_version");
    firm.write("broken.json", digest.to_string());
    python
        .args(["-c", VALIDATE])
        .arg(support::root().join("docs/digest.schema.json"))
        .arg(firm.path("broken.json"));
    assert!(
        support::run(&mut python)
            .expect_code(1)
            .stdout
            .contains("schema_version")
    );
}
