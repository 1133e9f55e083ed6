# One number or numeral a line; what is neither ends with an error.

{
    answer = ($1 ~ /^[0-9]+$/) ? to_roman($1) : from_roman(toupper($1))
    if (answer == "") {
        print "roman: line " NR ": \"" $1 "\" is no number from 1 to 3999" > "/dev/stderr"
        failed = 1
    } else print answer
}

END { exit failed }
