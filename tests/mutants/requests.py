"""Mutants of what is asked of a certificate request, and of the root's word on CURVE keys."""
REQUEST = "kernel/crypto/certificate_request.cpp"
LIST = "kernel/crypto/crl_issue.cpp"
CURVE = "kernel/crypto/curve_key.cpp"
FILES = "kernel/kit/curve_files.cpp"

MUTANTS = {
    REQUEST: [
        ("request.size", "if (pem.size() > kLargestCertificateRequest)", "if (false)"),
        ("request.before", "!text.starts_with(kBegin) || ", ""),
        ("request.behind", " || text.find(kEnd) + kEnd.size() != text.size()", ""),
        ("request.none", "if (request == nullptr)", "if (false)"),
        ("request.key", 'if (!key) return refuse("request_bad_key"', 'if (false) return refuse("request_bad_key"'),
        ("request.signature", "if (X509_REQ_verify(request.get(), key->openssl()) != 1)", "if (false)"),
        ("request.subject", "if (!is_subject(request.get(), expected.name))", "if (false)"),
        ("request.subject_alone", "if (X509_NAME_entry_count(subject) != 1) return false;", ""),
        ("request.common_name", "if (OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry)) != NID_commonName) return false;", ""),
        ("request.attributes", "if (has_other_attributes(request.get()))", "if (false)"),
        ("request.more_attributes", "count > 1 || ", ""),
        ("request.other_attribute", "X509_REQ_get_attr_by_NID(request, NID_ext_req, -1) != 0 ||", ""),
        ("request.one_value", " ||\n         X509_ATTRIBUTE_count(X509_REQ_get_attr(request, 0)) != 1", ""),
        ("request.extensions", "FAIRLEAD_TRY(check_extensions(request.get(), expected.uri));", ""),
        ("request.one_name", "if (named || OBJ_obj2nid", "if (OBJ_obj2nid"),
        ("request.other_extension",
         "named || OBJ_obj2nid(X509_EXTENSION_get_object(extension)) != NID_subject_alt_name", "named"),
        ("request.uri", "if (!is_only_uri(extension, uri))", "if (false)"),
        ("request.uri_alone", " || sk_GENERAL_NAME_num(names.get()) != 1", ""),
        ("request.uri_kind", "if (kind != GEN_URI) return false;", ""),
        ("request.named", 'if (!named) return refuse("request_wrong_name"', 'if (false) return refuse("request_wrong_name"'),
    ],
    LIST: [
        ("crl_issue.unspecified", "if (reason == RevocationReason::unspecified) return true;", ""),
        ("crl_issue.no_identifier", "if (identifier == nullptr) return true;", ""),
        ("crl_issue.known_reason", "if (text == row.name) return row.reason;", "return row.reason;"),
    ],
    CURVE: [
        ("curve.magic", "fields.integer<uint32_t>() == kMagic && ", "fields.integer<uint32_t>() != 0 && "),
        ("curve.flags", "fields.integer<uint16_t>() == 0;", "fields.integer<uint16_t>() < 0x10000;"),
        ("curve.known", "const bool good = known && ", "const bool good = "),
        ("curve.end", "fields.finished() && !out", "fields.ok() && !out"),
        ("curve.whole", "fields.finished() && !out", "!out"),
        ("curve.project", "!out.project.empty() && ", ""),
        ("curve.name", "base::Endpoint::parse(out.name) &&", ""),
        ("curve.app", "out.name.find('/') == std::string::npos", "true"),
        ("curve.secret_size", "if (key == nullptr)\n    return openssl_failure(base::ErrorCode::bad_configuration",
         "if (false)\n    return openssl_failure(base::ErrorCode::bad_configuration"),
        ("curve.proves_itself", "if (!verify_curve_statement(file, root.public_key(), statement.from))", "if (false)"),
        ("curve.size", "file.size() > kMaxCurveStatement || ", ""),
        ("curve.behind", " || !parts.finished()", ""),
        ("curve.signature", "if (!root.verify(kLabel, content, signature)) return tl::unexpected(Refusal::bad_chain);", ""),
        ("curve.early", "if (now < statement.from) return tl::unexpected(Refusal::not_yet_valid);", ""),
        ("curve.late", "if (now >= statement.until) return tl::unexpected(Refusal::certificate_expired);", ""),
    ],
    FILES: [
        ("curve.own_size", "if (content.bytes.size() != own.public_key.size())", "if (false)"),
        ("curve.own_secret_size", "if (!belongs) return defect", "if (false) return defect"),
        ("curve.own_pair", "if (*belongs != own.public_key)", "if (false)"),
        ("curve.server_project", "statement.project == project && statement.name == server", "statement.name == server"),
        ("curve.server_name", "statement.project == project && statement.name == server",
         "statement.project == project"),
        ("curve.large_file", "folder.read(name, crypto::kMaxCurveStatement)", "folder.read(name)"),
        ("curve.now", "now ? crypto::verify_curve_statement(content.bytes, root, *now)\n"
                      "                             : verify_at_any_time(content.bytes, root);",
         "verify_at_any_time(content.bytes, root);"),
        ("curve.peers_ending", "if (!name.ends_with(kStatementEnding)) continue;", ""),
        ("curve.peers_folder", "if (!names) found.refused.push_back(names.error().line());", ""),
        ("curve.peers_project", "else if (statement->project != project)", "else if (false)"),
    ],
}
