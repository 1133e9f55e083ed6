# Roman numerals from 1 to 3999.

function to_roman(number,    index_, text) {
    if (number !~ /^[0-9]+$/ || number < 1 || number > 3999) return ""
    fill_table()
    for (index_ = 1; index_ <= 13; index_++) {
        while (number >= value_of[index_]) {
            text = text sign_of[index_]
            number -= value_of[index_]
        }
    }
    return text
}

# Reads greedily, then converts back: only the canonical spelling is accepted.
function from_roman(text,    rest, index_, number) {
    fill_table()
    rest = text
    for (index_ = 1; index_ <= 13; index_++) {
        while (rest != "" && substr(rest, 1, length(sign_of[index_])) == sign_of[index_]) {
            number += value_of[index_]
            rest = substr(rest, length(sign_of[index_]) + 1)
        }
    }
    if (rest != "" || to_roman(number) != text) return ""
    return number
}

function fill_table(    values, signs) {
    if (13 in value_of) return
    split("1000 900 500 400 100 90 50 40 10 9 5 4 1", value_of, " ")
    split("M CM D CD C XC L XL X IX V IV I", sign_of, " ")
}
