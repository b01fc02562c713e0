/// The commands of the group `cert` that are about keys which stay at their site.
#pragma once

namespace CLI {
class App;
}

namespace fairlead::app {

class CommandLine;

/// request, approve, install and renew below `cert`.
void add_cert_requests(CLI::App& cert, CommandLine& line);

}  // namespace fairlead::app
