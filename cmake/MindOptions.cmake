# How our own code is compiled: one set of flags for every target, so that one
# precompiled header serves all rooms and one set of objects serves both the
# tools and the Python extension.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Release, Dev, Debug or RelWithDebInfo" FORCE)
endif()
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
set(CMAKE_C_FLAGS_RELEASE "-O2 -DNDEBUG")
set(CMAKE_CXX_FLAGS_DEV "-O1 -gline-tables-only")
set(CMAKE_C_FLAGS_DEV "-O1 -gline-tables-only")

set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_PCH_INSTANTIATE_TEMPLATES ON)

# -fPIC by hand: CMake would give executables -fPIE, which a precompiled header
# made with -fPIC refuses.
add_compile_options(-fPIC -ffunction-sections -fdata-sections -Wall -Wextra
                    -Wno-unused-parameter)
if(MIND_WARNINGS_AS_ERRORS)
  add_compile_options(-Werror)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # libstdc++'s own std::stable_sort uses a function that it calls deprecated.
  add_compile_options(-Wno-deprecated-declarations)
  # Time stamps in the precompiled header would defeat ccache.
  add_compile_options("SHELL:-Xclang -fno-pch-timestamp")
  # CMake would also name the header by its full path, which ccache cannot see through.
  set(CMAKE_CXX_COMPILE_OPTIONS_USE_PCH -include-pch <PCH_FILE>)
endif()

if(MIND_SANITIZER)
  add_compile_options(-fsanitize=${MIND_SANITIZER} -fno-omit-frame-pointer
                      -fno-sanitize-recover=all)
  # LLVM's classes have no type information that matches ours bit for bit, and
  # generated functions none at all: before the first, no memory may be mapped.
  add_compile_options(-fno-sanitize=vptr,function)
  add_link_options(-fsanitize=${MIND_SANITIZER} -fno-sanitize=vptr,function)
endif()
if(MIND_SANITIZER AND NOT MIND_FUZZ AND NOT MIND_SANITIZER STREQUAL "thread")
  # The runtime is shared, since Python loads it before our extension.
  execute_process(COMMAND ${CMAKE_CXX_COMPILER} -print-file-name=libclang_rt.asan-x86_64.so
    OUTPUT_VARIABLE MIND_SANITIZER_RUNTIME OUTPUT_STRIP_TRAILING_WHITESPACE)
  set(MIND_SANITIZER_RUNTIME "${MIND_SANITIZER_RUNTIME}" CACHE INTERNAL
    "What processes that load our extension must preload")
  cmake_path(GET MIND_SANITIZER_RUNTIME PARENT_PATH MIND_SANITIZER_FOLDER)
  add_link_options(-shared-libasan -Wl,-rpath,${MIND_SANITIZER_FOLDER})
endif()

# lld links LLVM's archives in about a second.
find_program(MIND_LLD NAMES ld.lld-22 ld.lld HINTS /usr/lib/llvm-22/bin)
if(MIND_LLD)
  add_link_options(--ld-path=${MIND_LLD})
endif()
add_link_options(-Wl,--gc-sections -Wl,--as-needed)
if(NOT MIND_SANITIZER)
  add_link_options(-static-libstdc++ -static-libgcc)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  add_link_options(-Wl,--strip-all)
endif()

# ccache where present. The sloppiness is what precompiled headers need; the
# base directory and the precompiled header's checksum file (AddMind.cmake) let
# several checkouts share objects.
find_program(MIND_CCACHE ccache)
if(MIND_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(MIND_CCACHE_LAUNCHER ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime)
  set(CMAKE_C_COMPILER_LAUNCHER ${MIND_CCACHE_LAUNCHER} CCACHE_PCH_EXTSUM=1
      CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${MIND_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_C_COMPILER_LAUNCHER})
endif()
