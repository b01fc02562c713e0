# What only a package of a distribution has, and CPack's settings for the two: `scripts/package` makes them.

set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(maintainer "The Fairlead developers <maintainers@fairlead.invalid>")

# fairlead_generated(FILE DESTINATION COMPONENT COMMAND...): what COMMAND prints becomes FILE in the build folder and is
# installed.
function(fairlead_generated file destination component)
  set(path ${CMAKE_BINARY_DIR}/installed/${file})
  get_filename_component(folder ${path} DIRECTORY)
  add_custom_command(OUTPUT ${path} COMMAND ${CMAKE_COMMAND} -E make_directory ${folder}
                     COMMAND ${ARGN} > ${path} DEPENDS fairlead ${CMAKE_SOURCE_DIR}/CHANGELOG.md VERBATIM)
  install(FILES ${path} DESTINATION ${destination} COMPONENT ${component})
  set_property(GLOBAL APPEND PROPERTY FAIRLEAD_GENERATED ${path})
endfunction()
fairlead_generated(bash/fairlead share/bash-completion/completions fairlead fairlead completion bash)
fairlead_generated(zsh/_fairlead share/zsh/vendor-completions fairlead fairlead completion zsh)
fairlead_generated(fish/fairlead.fish share/fish/vendor_completions.d fairlead fairlead completion fish)
configure_file(cmake/packaging/debian/changelog.in installed/changelog.Debian @ONLY)
foreach(part fairlead fairlead-dev)
  set(folder share/doc/${part})
  fairlead_generated(${part}/changelog.gz ${folder} ${part} gzip -9nc ${CMAKE_SOURCE_DIR}/CHANGELOG.md)
  fairlead_generated(${part}/changelog.Debian.gz ${folder} ${part}
                     gzip -9nc ${CMAKE_BINARY_DIR}/installed/changelog.Debian)
  install(FILES cmake/packaging/debian/copyright DESTINATION ${folder} COMPONENT ${part})
endforeach()
get_property(generated GLOBAL PROPERTY FAIRLEAD_GENERATED)
add_custom_target(completion ALL DEPENDS ${generated})
add_dependencies(installed completion)

# Units name no folder of the program, which systemd finds by itself: they hold for any prefix that it looks into.
function(fairlead_unit what patience final refused)
  set(unit ${CMAKE_BINARY_DIR}/installed/fairlead-${what}@.service)
  configure_file(${CMAKE_SOURCE_DIR}/cmake/packaging/unit.in ${unit} @ONLY)
  install(FILES ${unit} DESTINATION lib/systemd/system COMPONENT fairlead)
endfunction()
fairlead_unit(server 90 4 "")
# A client is ready when it has logged in, and its server may be away for days.
fairlead_unit(client infinity "2 4" ", or a login that is refused,")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME fairlead)
set(CPACK_PACKAGE_VENDOR Fairlead)
set(CPACK_PACKAGE_CONTACT ${maintainer})
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL fairlead fairlead-dev)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_ENABLE_COMPONENT_DEPENDS OFF)
set(CPACK_COMPONENT_FAIRLEAD_DESCRIPTION "authenticated messages over any connectivity
A server and many sites exchange authenticated messages over whatever
connectivity each site has: a transport is a plugin that moves bytes, and who
may take part is decided by the kernel.")
set(CPACK_DEBIAN_FAIRLEAD_PACKAGE_NAME fairlead)
set(CPACK_DEBIAN_FAIRLEAD_PACKAGE_SECTION net)
set(CPACK_DEBIAN_FAIRLEAD_PACKAGE_DEPENDS adduser)
foreach(script postinst prerm postrm triggers)
  list(APPEND CPACK_DEBIAN_FAIRLEAD_PACKAGE_CONTROL_EXTRA ${CMAKE_SOURCE_DIR}/cmake/packaging/debian/${script})
endforeach()
set(CPACK_COMPONENT_FAIRLEAD-DEV_DESCRIPTION "write transports for Fairlead, embed its nodes
Headers, CMake and pkg-config files, examples, a template for a transport of
your own and the kit that tells whether it keeps the contract.")
set(CPACK_DEBIAN_FAIRLEAD-DEV_PACKAGE_NAME fairlead-dev)
set(CPACK_DEBIAN_FAIRLEAD-DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_FAIRLEAD-DEV_PACKAGE_DEPENDS "fairlead (= ${PROJECT_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE})")
set(CPACK_DEBIAN_FAIRLEAD-DEV_PACKAGE_RECOMMENDS "g++, cmake (>= 3.25), make, pkg-config")
include(CPack)
