//! Generates three methods of an API and the models that they need, as the module `jobs_v3`.

fn main() -> Result<(), discovery_build::Error> {
    discovery_build::client("../../../discovery/jobs-v3.json")
        .methods(["projects.companies.create", "projects.companies.get", "projects.companies.list"])
        .generate()
}
