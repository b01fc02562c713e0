/// `fairlead send`, `fairlead request` and `fairlead listen`.
#pragma once
#include <iosfwd>

#include "app/arguments.hpp"
#include "app/output.hpp"

namespace fairlead::app {

/// One oneway message for each payload; 0 when the server admitted and routed all of them.
int run_send(const MessageArguments& arguments, const CommonArguments& common, std::istream& standard_input,
             const Output& output);
/// One request for each payload, one after another; replies go to stdout or to the file of -o.
int run_request(const MessageArguments& arguments, const CommonArguments& common,
                std::istream& standard_input, const Output& output);
/// Prints messages until SIGTERM or SIGINT.
int run_listen(const ListenArguments& arguments, const CommonArguments& common, const Output& output);

}  // namespace fairlead::app
