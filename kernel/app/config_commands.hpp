/// `fairlead config check`, `config explain` and `config schema`: what main calls once the command line is
/// read.
#pragma once
#include <iosfwd>
#include <string>

namespace fairlead::app {

/// Checks a project file or a kit at `path`. Everything for people goes to `err`; with `json` exactly one
/// object goes to `out`. Returns the exit code: 0 when there is no error (warnings are fine), else that of
/// the error, 4 as a rule.
int run_config_check(const std::string& path, bool json, std::ostream& out, std::ostream& err);

/// Prints every resolved value and its origin: a table, or one JSON object, to `out`; notes to `err`. An
/// empty `participant` means all of them. Returns 0, or 4 when the file, the kit or the name is wrong. Opens
/// no certificate of a project.
int run_config_explain(const std::string& path, const std::string& participant, bool json, std::ostream& out,
                       std::ostream& err);

/// `config schema`: the JSON Schema of the project file on stdout; with `json` inside the usual object.
int run_config_schema(bool json, std::ostream& out, std::ostream& err);

}  // namespace fairlead::app
