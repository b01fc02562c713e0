/// The groups of commands, one file each; every function adds its group to the root of the command line.
#pragma once

namespace CLI {
class App;
}

namespace fairlead::app {

class CommandLine;

void add_init(CLI::App& root, CommandLine& line);
void add_provision(CLI::App& root, CommandLine& line);
void add_config(CLI::App& root, CommandLine& line);
void add_services(CLI::App& root, CommandLine& line);
void add_messages(CLI::App& root, CommandLine& line);
void add_inspection(CLI::App& root, CommandLine& line);
void add_plugin(CLI::App& root, CommandLine& line);
void add_admin(CLI::App& root, CommandLine& line);
void add_kit(CLI::App& root, CommandLine& line);
void add_cert(CLI::App& root, CommandLine& line);
void add_token(CLI::App& root, CommandLine& line);
void add_doctor(CLI::App& root, CommandLine& line);
void add_completion(CLI::App& root, CommandLine& line);

/// All of the above, and what the command takes without any of them.
void add_everything(CLI::App& root, CommandLine& line);

}  // namespace fairlead::app
