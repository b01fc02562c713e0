#include "config/check.hpp"

#include "base/bytes.hpp"
#include "config/resolve.hpp"
#include "config/source_file.hpp"
#include "crypto/certificate.hpp"

namespace fairlead::config {
namespace {

using base::ErrorCode;
using base::fail;

constexpr size_t kMostCaBytes = 1024 * 1024;

void check_custom_ca(const Project& project, const Maybe<std::string>& given, Diagnostics& diagnostics) {
  if (!given) return;
  const auto pem = read_custom_ca(absolute_beside(project.file, given->value));
  if (pem) return;
  base::Error problem = pem.error();
  problem.text = "custom_ca_cert: " + problem.text;
  diagnostics.error(given->at, problem);
}

}  // namespace

base::Result<std::string> read_custom_ca(const std::string& path) {
  FAIRLEAD_TRY(FileContent file, read_file(path, kMostCaBytes));
  // Who can write it decides whom every site will trust.
  if (file.others_may_write)
    return fail(ErrorCode::bad_configuration, path + " can be written by others than its owner",
                "type: chmod go-w " + path);
  if (file.text.find("PRIVATE KEY-----") != std::string::npos)
    return fail(ErrorCode::bad_configuration, path + " holds a private key, which would go into every kit",
                "name a file with nothing but certificates");
  const auto certificates = crypto::read_pem_certificates(base::as_bytes(file.text));
  if (!certificates)
    return fail(ErrorCode::bad_configuration, path + ": " + certificates.error().text,
                "name a file with PEM certificates");
  return std::move(file.text);
}

void check_files(const Project& project, Diagnostics& diagnostics) {
  check_custom_ca(project, project.keys.custom_ca_cert, diagnostics);
  for (const Participant& one : project.participants)
    check_custom_ca(project, one.keys.custom_ca_cert, diagnostics);
}

}  // namespace fairlead::config
