// When a certificate is good: RFC 5280 section 4.1.2.5.
#include "cases.hpp"

namespace fairlead::paths {
namespace {

using std::chrono::hours;
using namespace std::chrono_literals;

/// A notAfter of exactly these bytes.
void end_at(X509* certificate, int type, std::string_view text) {
  ASN1_TIME* end = X509_getm_notAfter(certificate);
  end->type = type;
  ASN1_STRING_set(end, text.data(), static_cast<int>(text.size()));
}

void in_general_form(X509* certificate) {
  ASN1_GENERALIZEDTIME* end = ASN1_TIME_to_generalizedtime(X509_get0_notAfter(certificate), nullptr);
  X509_set1_notAfter(certificate, end);
  ASN1_GENERALIZEDTIME_free(end);
}

const Case kCases[] = {
    {"Validity", "LeafOverByASecond", [](Recipe& r) { r.leaf().until = -1s; },
     refused("certificate_expired", "certificate has expired at depth 0"), kept_out("expired on")},
    {"Validity", "LeafOverNow", [](Recipe& r) { r.leaf().until = 0s; },
     refused("certificate_expired", "certificate has expired at depth 0"), kept_out("expired on")},
    {"Validity", "LeafOverInASecond", [](Recipe& r) { r.leaf().until = 1s; }, kAdmitted, kAdmitted,
     Presented::by_both, Judged::in_login},
    {"Validity", "LeafFromNow", [](Recipe& r) { r.leaf().from = 0s; }, kAdmitted, kAdmitted},
    {"Validity", "LeafFromTheNextSecond", [](Recipe& r) { r.leaf().from = 1s; },
     refused("not_yet_valid", "certificate is not yet valid at depth 0"), kept_out("is not valid before"),
     Presented::by_both, Judged::in_login},
    {"Validity", "LeafFromTheNextHour", [](Recipe& r) { r.leaf().from = hours(1); },
     refused("not_yet_valid", "certificate is not yet valid at depth 0"), kept_out("is not valid before")},
    {"Validity", "IntermediateOver",
     [](Recipe& r) {
       r.add_between(1);
       r.at("ca-1").until = -1s;
     },
     refused("certificate_expired", "certificate has expired at depth 1"), kept_out("expired on")},
    {"Validity", "IntermediateNotYet",
     [](Recipe& r) {
       r.add_between(1);
       r.at("ca-1").from = hours(1);
     },
     refused("not_yet_valid", "certificate is not yet valid at depth 1"), kept_out("is not valid before")},
    {"Validity", "RootOver", [](Recipe& r) { r.root().until = -1s; },
     refused("certificate_expired", "certificate has expired at depth 1"), kept_out("expired on")},
    {"Validity", "RootNotYet", [](Recipe& r) { r.root().from = hours(1); },
     refused("not_yet_valid", "certificate is not yet valid at depth 1"), kept_out("is not valid before")},
    {"Validity", "LeafOutlivesTheRoot", [](Recipe& r) { r.leaf().until = hours(48); }, kAdmitted, kAdmitted},
    {"Validity", "EndBeforeBeginning",
     [](Recipe& r) {
       r.leaf().from = hours(1);
       r.leaf().until = -1s;
     },
     refused("not_yet_valid", "certificate is not yet valid at depth 0"), kept_out("is not valid before")},
    {"Validity", "EndWithoutEnd",
     [](Recipe& r) {
       r.leaf().change = [](X509* x) { end_at(x, V_ASN1_GENERALIZEDTIME, "99991231235959Z"); };
     },
     kAdmitted, kAdmitted},
    {"Validity", "LongFormBefore2050", [](Recipe& r) { r.leaf().change = &in_general_form; }, kAdmitted,
     kAdmitted},
    {"Validity", "FractionOfASecond",
     [](Recipe& r) {
       r.leaf().change = [](X509* x) { end_at(x, V_ASN1_GENERALIZEDTIME, "20501231235959.5Z"); };
     },
     refused("bad_chain", "format error in certificate's notAfter field at depth 0"),
     kept_out("was refused: format error in certificate's notAfter field")},
    {"Validity", "NoZone",
     [](Recipe& r) {
       r.leaf().change = [](X509* x) { end_at(x, V_ASN1_GENERALIZEDTIME, "20501231235959"); };
     },
     refused("bad_chain", "format error in certificate's notAfter field at depth 0"),
     kept_out("was refused: format error in certificate's notAfter field")},
    {"Validity", "ZoneOffset",
     [](Recipe& r) { r.leaf().change = [](X509* x) { end_at(x, V_ASN1_UTCTIME, "491231235959+0000"); }; },
     refused("bad_chain", "format error in certificate's notAfter field at depth 0"),
     kept_out("was refused: format error in certificate's notAfter field")},
    {"Validity", "NoSeconds",
     [](Recipe& r) { r.leaf().change = [](X509* x) { end_at(x, V_ASN1_UTCTIME, "4912312359Z"); }; },
     refused("bad_chain", "format error in certificate's notAfter field at depth 0"),
     kept_out("was refused: format error in certificate's notAfter field")},
    {"Validity", "NoDigits",
     [](Recipe& r) { r.leaf().change = [](X509* x) { end_at(x, V_ASN1_UTCTIME, "tomorrow, ok?"); }; },
     refused("bad_chain", "format error in certificate's notAfter field at depth 0"),
     kept_out("was refused: format error in certificate's notAfter field")},
    {"Validity", "NoTime",
     [](Recipe& r) { r.leaf().change = [](X509* x) { end_at(x, V_ASN1_UTCTIME, ""); }; },
     refused("bad_chain", "format error in certificate's notAfter field at depth 0"),
     kept_out("was refused: format error in certificate's notAfter field")},
};

}  // namespace

std::span<const Case> validity_cases() { return kCases; }

}  // namespace fairlead::paths
