// The one file that compiles Asio itself; every other file of this room sees only its declarations.
#include <boost/asio/impl/src.hpp>
