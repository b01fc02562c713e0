// How long a path may be: our limit of three authorities, and what authorities say about those below them
// (N19).
#include "cases.hpp"

namespace fairlead::paths {
namespace {

/// So many authorities between root and leaf, the first of them with this basicConstraints.
void first_of(Recipe& r, int count, const std::string& constraints) {
  r.add_between(count);
  r.at("ca-1").set("basicConstraints", constraints);
}
void root_above(Recipe& r, int count, const std::string& constraints) {
  r.add_between(count);
  r.root().set("basicConstraints", constraints);
}

const Case kCases[] = {
    {"Depth", "Two", [](Recipe& r) { r.add_between(2); }, kAdmitted, kAdmitted},
    {"Depth", "Three", [](Recipe& r) { r.add_between(3); }, kAdmitted, kAdmitted},
    {"Depth", "Four", [](Recipe& r) { r.add_between(4); },
     refused("bad_chain", "certificate chain too long at depth 4"),
     kept_out("was refused: certificate chain too long")},
    {"Depth", "Ten", [](Recipe& r) { r.add_between(10); },
     refused("bad_chain", "certificate chain too long at depth 4"),
     kept_out("was refused: certificate chain too long")},
    {"PathLength", "RootNoneAndLeaf", [](Recipe& r) { root_above(r, 0, "critical,CA:TRUE,pathlen:0"); },
     kAdmitted, kAdmitted},
    {"PathLength", "RootNoneAndOne", [](Recipe& r) { root_above(r, 1, "critical,CA:TRUE,pathlen:0"); },
     refused("bad_chain", "path length constraint exceeded at depth 2"),
     kept_out("was refused: path length constraint exceeded")},
    {"PathLength", "RootOneAndOne", [](Recipe& r) { root_above(r, 1, "critical,CA:TRUE,pathlen:1"); },
     kAdmitted, kAdmitted},
    {"PathLength", "RootOneAndTwo", [](Recipe& r) { root_above(r, 2, "critical,CA:TRUE,pathlen:1"); },
     refused("bad_chain", "path length constraint exceeded at depth 3"),
     kept_out("was refused: path length constraint exceeded")},
    {"PathLength", "NoneAndLeaf", [](Recipe& r) { first_of(r, 1, "critical,CA:TRUE,pathlen:0"); }, kAdmitted,
     kAdmitted},
    {"PathLength", "NoneAndOne", [](Recipe& r) { first_of(r, 2, "critical,CA:TRUE,pathlen:0"); },
     refused("bad_chain", "path length constraint exceeded at depth 2"),
     kept_out("was refused: path length constraint exceeded")},
    {"PathLength", "OneAndOne", [](Recipe& r) { first_of(r, 2, "critical,CA:TRUE,pathlen:1"); }, kAdmitted,
     kAdmitted},
    {"PathLength", "OneAndTwo", [](Recipe& r) { first_of(r, 3, "critical,CA:TRUE,pathlen:1"); },
     refused("bad_chain", "path length constraint exceeded at depth 3"),
     kept_out("was refused: path length constraint exceeded")},
    {"PathLength", "WidenedBelow",
     [](Recipe& r) {
       first_of(r, 3, "critical,CA:TRUE,pathlen:1");
       r.at("ca-2").set("basicConstraints", "critical,CA:TRUE,pathlen:9");
     },
     refused("bad_chain", "path length constraint exceeded at depth 3"),
     kept_out("was refused: path length constraint exceeded")},
    {"PathLength", "SelfIssuedDoesNotCount",
     [](Recipe& r) {
       first_of(r, 2, "critical,CA:TRUE,pathlen:0");
       r.at("ca-2").common_name = r.at("ca-1").common_name;
     },
     kAdmitted, kAdmitted},
    {"PathLength", "Huge", [](Recipe& r) { first_of(r, 1, "critical,CA:TRUE,pathlen:2147483647"); },
     kAdmitted, kAdmitted},
    {"PathLength", "BeyondAnInteger",
     [](Recipe& r) { first_of(r, 2, "critical,DER:300f0101ff020a0100000000000000000000"); }, kAdmitted,
     kAdmitted},
    {"PathLength", "Negative", [](Recipe& r) { first_of(r, 1, "critical,DER:30060101ff0201ff"); },
     refused("bad_chain", "unable to get local issuer certificate at depth 0"),
     kept_out("was issued by an unknown CA")},
    {"PathLength", "OfNoAuthority", [](Recipe& r) { first_of(r, 1, "critical,CA:FALSE,pathlen:0"); },
     refused("bad_chain", "invalid CA certificate at depth 1"),
     kept_out("was refused: invalid CA certificate")},
    {"PathLength", "OfTheLeaf",
     [](Recipe& r) { r.leaf().set("basicConstraints", "critical,CA:FALSE,pathlen:0"); },
     refused("bad_chain", "Path length invalid for non-CA cert at depth 0"),
     kept_out("was refused: Path length invalid for non-CA cert")},
    {"PathLength", "WithoutIssuing",
     [](Recipe& r) {
       first_of(r, 1, "critical,CA:TRUE,pathlen:0");
       r.at("ca-1").set("keyUsage", "critical,digitalSignature");
     },
     refused("bad_chain", "invalid CA certificate at depth 1"),
     kept_out("was refused: invalid CA certificate")},
};

}  // namespace

std::span<const Case> path_length_cases() { return kCases; }

}  // namespace fairlead::paths
