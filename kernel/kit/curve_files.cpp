#include "kit/curve_files.hpp"

#include <algorithm>
#include <system_error>

#include "kit/defect.hpp"

namespace fairlead::kit {
namespace {

namespace fs = std::filesystem;

/// Any moment that it is valid at: whether it is valid now is asked elsewhere.
base::Checked<crypto::CurveStatement> verify_at_any_time(base::ByteView file, const crypto::PublicKey& root) {
  base::Reader parts(file);
  base::Reader content(parts.counted());
  static_cast<void>(content.bytes(sizeof(uint32_t) + sizeof(uint16_t)));
  const auto from = std::chrono::milliseconds(static_cast<int64_t>(content.integer<uint64_t>()));
  return crypto::verify_curve_statement(file, root, base::WallTime(from));
}

base::Result<crypto::CurveStatement> read_statement(const Folder& folder, const std::string& name,
                                                    const crypto::PublicKey& root,
                                                    std::optional<base::WallTime> now) {
  FAIRLEAD_TRY(const Folder::Content content, folder.read(name, crypto::kMaxCurveStatement));
  const auto statement = now ? crypto::verify_curve_statement(content.bytes, root, *now)
                             : verify_at_any_time(content.bytes, root);
  if (statement) return *statement;
  return defect("kit_bad_certificate", folder.path() / name,
                name + " is no statement of the project's root about a CURVE key: " +
                    std::string(base::name(statement.error())));
}

}  // namespace

base::Result<OwnCurve> load_own_curve(const Folder& startup, CurveSecret secret) {
  FAIRLEAD_TRY(const Folder::Content content, startup.read(kCurvePublicFile));
  OwnCurve own;
  if (content.bytes.size() != own.public_key.size())
    return defect("kit_bad_key", startup.path() / kCurvePublicFile,
                  std::string(kCurvePublicFile) + " has " + std::to_string(content.bytes.size()) +
                      " bytes, expected 32");
  base::copy(content.bytes, own.public_key);
  if (secret == CurveSecret::elsewhere) return own;
  FAIRLEAD_TRY(own.secret, startup.read_key(kCurveKeyFile));
  const auto belongs = crypto::curve_public_of(own.secret.expose());
  if (!belongs) return defect("kit_bad_key", startup.path() / kCurveKeyFile, belongs.error().text);
  if (*belongs != own.public_key)
    return defect("kit_key_mismatch", startup.path() / kCurveKeyFile,
                  std::string(kCurveKeyFile) + " is not the key of " + kCurvePublicFile);
  return own;
}

base::Result<crypto::X25519Public> load_server_curve(const Folder& startup, const crypto::PublicKey& root,
                                                     const std::string& project, const std::string& server) {
  FAIRLEAD_TRY(const crypto::CurveStatement statement,
               read_statement(startup, kServerCurveFile, root, std::nullopt));
  if (statement.project == project && statement.name == server) return statement.key;
  return defect("kit_bad_certificate", startup.path() / kServerCurveFile,
                std::string(kServerCurveFile) + " is about " + statement.name + " of project " +
                    statement.project + ", expected " + server + " of " + project);
}

PeerStatements read_peer_statements(const fs::path& kit, const crypto::PublicKey& root,
                                    const std::string& project, base::WallTime now) {
  PeerStatements found;
  const fs::path path = kit / "local" / kPeersFolder;
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return found;
  const auto folder = Folder::open(path);
  const auto names = folder ? folder->file_names() : tl::unexpected(folder.error());
  if (!names) found.refused.push_back(names.error().line());
  if (!names) return found;
  for (const std::string& name : *names) {
    if (!name.ends_with(kStatementEnding)) continue;
    const auto statement = read_statement(*folder, name, root, now);
    if (!statement)
      found.refused.push_back(statement.error().line());
    else if (statement->project != project)
      found.refused.push_back((path / name).string() + ": it is for project " + statement->project);
    else
      found.keys.push_back({statement->name, statement->key});
  }
  std::ranges::sort(found.keys, {}, &PeerKey::name);
  return found;
}

}  // namespace fairlead::kit
