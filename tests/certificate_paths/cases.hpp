/// The tables: certificate paths by category, and what our rules say about each. Every case runs as a
/// client's and as a server's certificate, inside the login and in the outer TLS.
#pragma once
#include <ostream>
#include <span>
#include <string>
#include <vector>

#include "draft.hpp"

namespace fairlead::paths {

/// What a judge must say: "admitted", or the code of a refusal and a part of its explanation.
struct Verdict {
  const char* code;
  const char* text = "";
};

inline constexpr Verdict kAdmitted{"admitted"};
constexpr Verdict refused(const char* code, const char* text) { return {code, text}; }
/// TLS has no signature for such a key, or none that we offer: no honest handshake shows the certificate.
inline constexpr Verdict kNeverShown{"never_shown"};
/// Of the outer TLS, which has one code for every peer that did not prove who it is.
constexpr Verdict kept_out(const char* text) { return {"peer_auth", text}; }

/// An authorityKeyIdentifier that names no key here.
inline constexpr char kForeignKeyId[] = "DER:30168014000102030405060708090a0b0c0d0e0f10111213";

/// Which ends may present the leaf of a case.
enum class Presented { by_both, by_client, by_server };
/// Where it is judged: what is about the very second runs in the login only, whose clock stands still.
enum class Judged { everywhere, in_login };

struct Case {
  const char* category;
  const char* id;
  void (*make)(Recipe& recipe);
  Verdict login, outer;
  Presented presented = Presented::by_both;
  Judged judged = Judged::everywhere;
};

std::span<const Case> validity_cases();
std::span<const Case> identity_cases();
std::span<const Case> host_cases();
std::span<const Case> usage_cases();
std::span<const Case> authority_cases();
std::span<const Case> path_length_cases();
std::span<const Case> constraint_cases();
std::span<const Case> key_cases();
std::span<const Case> form_cases();
std::span<const Case> revocation_cases();

/// Those of all tables that `side` may present to this judge.
std::vector<Case> cases_for(Side side, Judged judge);
/// The recipe of a case at a moment.
Recipe recipe_of(const Case& one, Side side, std::time_t now);

/// The test's name: category and id.
std::string name_of(const Case& one);
void PrintTo(const Case& one, std::ostream* out);

/// Puts a subjectAltName of these entries into a certificate, byte by byte. `type` is GEN_DNS or GEN_URI.
void put_names(X509* certificate, int type, const std::vector<std::string>& names);

}  // namespace fairlead::paths
