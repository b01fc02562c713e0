# What `cmake --install` puts where, in two parts: COMPONENT fairlead runs, COMPONENT fairlead-dev is for people who write
# transports or embed a node. Everything is found relative to the program or to the CMake file, so any prefix works.
include(CMakePackageConfigHelpers)
set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/fairlead)
set(data_folder share/fairlead)

set_target_properties(fairlead_sdk PROPERTIES EXPORT_NAME sdk)
install(TARGETS fairlead RUNTIME COMPONENT fairlead)
install(TARGETS fairlead_sdk EXPORT fairlead)
install(TARGETS fairlead_node_library EXPORT fairlead
        LIBRARY COMPONENT fairlead NAMELINK_COMPONENT fairlead-dev)
if(TARGET fairlead_plugin_check)
  set_target_properties(fairlead_plugin_check PROPERTIES EXPORT_NAME plugin-check)
  add_dependencies(installed fairlead_plugin_check)
  install(TARGETS fairlead_plugin_check EXPORT fairlead RUNTIME COMPONENT fairlead-dev)
endif()
add_dependencies(installed fairlead fairlead_node_library manual)
install(EXPORT fairlead NAMESPACE fairlead:: FILE fairlead-targets.cmake DESTINATION ${package_folder}
        COMPONENT fairlead-dev)

install(DIRECTORY sdk/include/fairlead DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT fairlead-dev)
install(DIRECTORY sdk/template sdk/examples DESTINATION ${data_folder} COMPONENT fairlead-dev USE_SOURCE_PERMISSIONS)
install(FILES sdk/plugin.map DESTINATION ${data_folder} COMPONENT fairlead-dev)
install(DIRECTORY sdk/docs/ DESTINATION share/doc/fairlead-dev COMPONENT fairlead-dev FILES_MATCHING PATTERN *.md)

configure_package_config_file(cmake/fairlead-config.cmake.in ${CMAKE_BINARY_DIR}/generated/fairlead-config.cmake
                              INSTALL_DESTINATION ${package_folder} PATH_VARS data_folder
                              NO_CHECK_REQUIRED_COMPONENTS_MACRO)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/generated/fairlead-config-version.cmake
                                 COMPATIBILITY SameMajorVersion)
install(FILES ${CMAKE_BINARY_DIR}/generated/fairlead-config.cmake
              ${CMAKE_BINARY_DIR}/generated/fairlead-config-version.cmake
        DESTINATION ${package_folder} COMPONENT fairlead-dev)

# pkg-config files that find the prefix from where they are.
file(RELATIVE_PATH prefix_from_pkgconfig /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
foreach(name fairlead fairlead-node)
  configure_file(cmake/${name}.pc.in ${CMAKE_BINARY_DIR}/generated/${name}.pc @ONLY)
  install(FILES ${CMAKE_BINARY_DIR}/generated/${name}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig
          COMPONENT fairlead-dev)
endforeach()

# `fairlead plugin new` finds the template from the build tree too.
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/share/fairlead)
file(CREATE_LINK ${CMAKE_SOURCE_DIR}/sdk/template ${CMAKE_BINARY_DIR}/share/fairlead/template SYMBOLIC)

include(FairleadPackage)
