#!/bin/sh
# Joins the sources into one program: build/roman.
set -eu
version=${1:?usage: build.sh VERSION}
mkdir -p build
{
    echo '#!/bin/sh'
    echo "# roman $version"
    echo "exec awk '"
    cat src/roman.awk src/main.awk
    echo "' \"\$@\""
} > build/roman
chmod 755 build/roman
echo "built build/roman, version $version"
