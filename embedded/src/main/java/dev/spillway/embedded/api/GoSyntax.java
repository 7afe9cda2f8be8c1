package dev.spillway.embedded.api;

import java.util.Locale;

/**
 * What Go's package json says of a text that is no JSON: its SyntaxError.
 *
 * <p>Rules: Go {@code src/encoding/json/scanner.go}. Used for texts only that were found to be no JSON.
 */
public final class GoSyntax {

    private static final String NUMBER = "0123456789+-.eE";

    private static final String END = "unexpected end of JSON input";

    /** Ends the reading; the message is what is wrong. */
    private static final class WrongException extends RuntimeException {
        WrongException(String message) {
            super(message, null, false, false);
        }
    }

    private final String text;
    private int place;

    private GoSyntax(String text) {
        this.text = text;
    }

    /** What is wrong with it. */
    public static String wrong(String text) {
        GoSyntax syntax = new GoSyntax(text);
        try {
            syntax.value("looking for beginning of value");
            syntax.blanks();
            return syntax.place < text.length() ? syntax.at("after top-level value") : END;
        } catch (WrongException wrong) {
            return String.valueOf(wrong.getMessage());
        }
    }

    private void value(String where) {
        switch (next()) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> literal("true");
            case 'f' -> literal("false");
            case 'n' -> literal("null");
            default -> {
                char first = text.charAt(place);
                if (first != '-' && (first < '0' || first > '9')) {
                    throw new WrongException(at(where));
                }
                place++;
                while (place < text.length() && NUMBER.indexOf(text.charAt(place)) >= 0) {
                    place++;
                }
            }
        }
    }

    private void object() {
        place++;
        if (next() == '}') {
            place++;
            return;
        }
        while (true) {
            if (next() != '"') {
                throw new WrongException(at("looking for beginning of object key string"));
            }
            string();
            if (next() != ':') {
                throw new WrongException(at("after object key"));
            }
            place++;
            value("looking for beginning of value");
            char after = next();
            if (after != ',' && after != '}') {
                throw new WrongException(at("after object key:value pair"));
            }
            place++;
            if (after == '}') {
                return;
            }
        }
    }

    private void array() {
        place++;
        if (next() == ']') {
            place++;
            return;
        }
        while (true) {
            value("looking for beginning of value");
            char after = next();
            if (after != ',' && after != ']') {
                throw new WrongException(at("after array element"));
            }
            place++;
            if (after == ']') {
                return;
            }
        }
    }

    private void string() {
        for (place++; place < text.length(); place++) {
            char here = text.charAt(place);
            if (here == '"') {
                place++;
                return;
            }
            if (here == '\\') {
                place++;
            } else if (here < ' ') {
                throw new WrongException(at("in string literal"));
            }
        }
        throw new WrongException(END);
    }

    private void literal(String word) {
        for (int i = 0; i < word.length(); i++, place++) {
            if (place >= text.length() || text.charAt(place) != word.charAt(i)) {
                throw new WrongException(at("in literal %s (expecting '%c')".formatted(word, word.charAt(i))));
            }
        }
    }

    /** The next character that is no blank, where the reading stands then. */
    private char next() {
        blanks();
        if (place >= text.length()) {
            throw new WrongException(END);
        }
        return text.charAt(place);
    }

    private void blanks() {
        while (place < text.length() && " \t\r\n".indexOf(text.charAt(place)) >= 0) {
            place++;
        }
    }

    private String at(String where) {
        // The end of a literal is read as a blank.
        char here = place < text.length() ? text.charAt(place) : ' ';
        String shown = here == '\''
                ? "'\\''"
                : here == '"' ? "'\"'" : here < ' ' ? "'\\x%02x'".formatted((int) here) : "'" + here + "'";
        return String.format(Locale.ROOT, "invalid character %s %s", shown, where);
    }
}
