# layers.cmake - fails on an include that points up or sideways, on a third-party header taken past
# its door, and on a header that does not compile alone.
#
#   cmake -DSOURCE=<source tree> -DCC=<compiler> -P tests/layers.cmake
#
# The table is the one of the guide: for each part, what its files may include besides the standard
# library.  A folder name stands for all of it; one entry may name a single file.
cmake_minimum_required(VERSION 3.25)

set(public karvan)
set(base base ${public})
set(model model ${base})
set(pipeline pipeline ${model})
set(store store pipeline/journal.h pipeline/batch.h ${model})
set(conf conf ${pipeline})
set(io io ${pipeline})
set(client client ${model})
set(daemon daemon io store conf ${pipeline})
set(cli cli client store conf ${pipeline})
set(format adapters/adapter.h adapters/kit pipeline/places.h pipeline/quality.h ${model})
set(kit pipeline/zone.h pipeline/enrich.h pipeline/validate.h ${format})
set(adapters adapters client conf/yaml.h conf/complaint.h conf/nearest.h conf/quantity.h pipeline/places.h ${model})

# Header of a library = the files that may include it, as a regular expression on their path.
set(doors
  "msgpack([/.].*)?=^gateway/model/"
  "jansson\\.h=^gateway/model/json\\.c$"
  "libxml/.*=^adapters/kit/xml_doc\\.c$"
  "xxhash\\.h=^gateway/base/hash\\.c$"
  "openssl/.*=^gateway/base/hash\\.c$"
  "sodium([/.].*)?=^gateway/base/(hash|sign)\\.c$"
  "yaml\\.h=^gateway/conf/yaml\\.c$"
  "lmdb\\.h=^gateway/store/lmdb[a-z_]*\\.[ch]$"
  "uv\\.h=^(gateway/io|gateway/daemon|adapters)/"
  "zmq\\.h=^gateway/(io|client|daemon)/"
  "microhttpd\\.h=^adapters/in_http\\.c$"
  "curl/.*=^adapters/out_http\\.c$"
  "mosquitto\\.h=^adapters/mqtt_link\\.c$"
  "criterion/.*=^tests/")

set(errors 0)
function(complain)
  list(JOIN ARGV "" words)
  message(SEND_ERROR "${words}")
  math(EXPR errors "${errors} + 1")
  set(errors ${errors} PARENT_SCOPE)
endfunction()

# The part a file belongs to: gateway/store/lmdb.c to "store"; adapters/edifact/x.c to "format".
function(part_of out path)
  if(path MATCHES "^gateway/include/karvan/")
    set(${out} public PARENT_SCOPE)
  elseif(path MATCHES "^gateway/([a-z]+)/")
    set(${out} ${CMAKE_MATCH_1} PARENT_SCOPE)
  elseif(path MATCHES "^adapters/kit/")
    set(${out} kit PARENT_SCOPE)
  elseif(path MATCHES "^adapters/[^/]+$")
    set(${out} adapters PARENT_SCOPE)
  else()
    set(${out} format PARENT_SCOPE)
  endif()
endfunction()

# What `file` includes, each with its < or " in front.
function(includes_of out file)
  file(STRINGS ${SOURCE}/${file} lines REGEX "^[ \t]*#[ \t]*include")
  set(found)
  foreach(line IN LISTS lines)
    if(line MATCHES "include[ \t]*([<\"][^>\"]+)")
      list(APPEND found "${CMAKE_MATCH_1}")
    endif()
  endforeach()
  set(${out} ${found} PARENT_SCOPE)
endfunction()

function(is_allowed out file part what)
  set(${out} FALSE PARENT_SCOPE)
  set(allowed ${${part}})
  if(part STREQUAL "format" AND file MATCHES "^(adapters/[^/]+)/")
    list(APPEND allowed ${CMAKE_MATCH_1})
  endif()
  foreach(entry IN LISTS allowed)
    string(FIND "${what}" "${entry}/" at)
    if(at EQUAL 0 OR what STREQUAL entry)
      set(${out} TRUE PARENT_SCOPE)
    endif()
  endforeach()
endfunction()

function(check_own file part what)
  is_allowed(ok ${file} ${part} ${what})
  if(NOT ok)
    complain("${file}: ${part} must not include ${what}")
  endif()
  set(errors ${errors} PARENT_SCOPE)
endfunction()

function(check_door file what)
  foreach(door IN LISTS doors)
    string(REGEX MATCH "^([^=]*)=(.*)$" _ "${door}")
    set(header "${CMAKE_MATCH_1}")
    set(users "${CMAKE_MATCH_2}")
    if(what MATCHES "^${header}$" AND NOT file MATCHES "${users}")
      complain("${file}: <${what}> has another door: ${users}")
    endif()
  endforeach()
  set(errors ${errors} PARENT_SCOPE)
endfunction()

function(check_file file)
  part_of(part ${file})
  if(NOT DEFINED ${part})
    complain("${file}: ${part} is no layer; add it to the table in tests/layers.cmake")
  endif()
  includes_of(includes ${file})
  foreach(include IN LISTS includes)
    string(SUBSTRING ${include} 1 -1 what)
    if(include MATCHES "^<" AND NOT what MATCHES "^karvan/")
      check_door(${file} ${what})
    else()
      check_own(${file} ${part} ${what})
    endif()
  endforeach()
  set(errors ${errors} PARENT_SCOPE)
endfunction()

function(check_header file)
  execute_process(
    COMMAND ${CC} -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror -fsyntax-only -x c
            -I${SOURCE} -I${SOURCE}/gateway -I${SOURCE}/gateway/include ${SOURCE}/${file}
    RESULT_VARIABLE status ERROR_VARIABLE words)
  if(status)
    complain("${file} does not compile alone:\n${words}")
  endif()
  set(errors ${errors} PARENT_SCOPE)
endfunction()

file(GLOB_RECURSE files RELATIVE ${SOURCE}
  ${SOURCE}/gateway/*.[ch] ${SOURCE}/adapters/*.[ch])
list(SORT files)
list(LENGTH files count)
if(count LESS 10)
  message(FATAL_ERROR "no sources under ${SOURCE}")
endif()
set(headers 0)
foreach(file IN LISTS files)
  check_file(${file})
  if(file MATCHES "\\.h$")
    check_header(${file})
    math(EXPR headers "${headers} + 1")
  endif()
endforeach()
if(errors)
  message(FATAL_ERROR "layers: ${errors} of ${count} files' includes point the wrong way")
endif()
message(STATUS "layers: ${count} files, ${headers} headers, all includes point down")
