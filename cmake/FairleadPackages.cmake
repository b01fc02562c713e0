# Debian packages this tree is built from; scripts/install-deps installs them.
find_package(Threads REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(spdlog REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(SQLite3 3.37 REQUIRED)  # STRICT tables
find_package(LibArchive 3.6 REQUIRED)
find_package(tl-expected REQUIRED)
find_package(CURL 7.85 REQUIRED)  # CURLOPT_PROTOCOLS_STR

# Boost.DLL is header only with std::filesystem; Asio needs no deprecated names.
add_library(fairlead_boost INTERFACE)
target_link_libraries(fairlead_boost INTERFACE Boost::headers Threads::Threads ${CMAKE_DL_LIBS})
target_compile_definitions(fairlead_boost INTERFACE BOOST_DLL_USE_STD_FS BOOST_ASIO_NO_DEPRECATED
                                                    BOOST_ASIO_SEPARATE_COMPILATION)

# The headers come with a package of their own; libzmq itself is found by pkg-config.
find_package(PkgConfig REQUIRED)
pkg_check_modules(ZeroMQ REQUIRED IMPORTED_TARGET libzmq>=4.3.4)
find_path(CPPZMQ_INCLUDE_DIR zmq.hpp REQUIRED)
