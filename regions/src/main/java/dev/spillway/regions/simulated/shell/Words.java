package dev.spillway.regions.simulated.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes one command's text apart: words with their quotes taken off and variables put in, and {@code >&2}. */
final class Words {
    private static final Pattern VARIABLE =
            Pattern.compile("\\$(?:(\\?|[A-Za-z_][A-Za-z0-9_]*)|\\{([A-Za-z_][A-Za-z0-9_]*)})");
    private static final Pattern TO_ERR = Pattern.compile("1?>&2(?=\\s|$)");

    private final String text;
    private final UnaryOperator<String> variables;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean inWord;
    private boolean toErr;
    private int at;

    private Words(String text, UnaryOperator<String> variables) {
        this.text = text;
        this.variables = variables;
    }

    /**
     * One command.
     *
     * @param toErr whether what it writes goes to standard error
     */
    record Command(List<String> words, boolean toErr) {}

    /** Takes it apart; {@code variables} gives the value of each by its name, empty where it has none. */
    static Command parse(String text, UnaryOperator<String> variables) throws SyntaxException {
        return new Words(text, variables).parse();
    }

    private Command parse() throws SyntaxException {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (Character.isWhitespace(c)) {
                endWord();
                at++;
            } else if (!inWord && c == '#') {
                break;
            } else if (!inWord && redirects()) {
                toErr = true;
            } else {
                next(c);
            }
        }
        endWord();
        return new Command(List.copyOf(words), toErr);
    }

    private boolean redirects() {
        Matcher redirection = TO_ERR.matcher(text).region(at, text.length());
        boolean found = redirection.lookingAt();
        at = found ? redirection.end() : at;
        return found;
    }

    private void next(char c) throws SyntaxException {
        switch (c) {
            case '\'' -> {
                int end = text.indexOf('\'', at + 1);
                add(text.substring(at + 1, end));
                at = end + 1;
            }
            case '"' -> quoted();
            case '\\' -> {
                add(text.substring(at + 1, Math.min(text.length(), at + 2)));
                at += 2;
            }
            case '$' -> variable();
            case '<', '>', '(', ')', '`' -> throw SyntaxException.of(c);
            default -> {
                add(String.valueOf(c));
                at++;
            }
        }
    }

    // In these, a backslash takes the meaning of what has one, and of nothing else.
    private void quoted() throws SyntaxException {
        add("");
        for (at++; text.charAt(at) != '"'; ) {
            char c = text.charAt(at);
            if (c == '$') {
                variable();
            } else if (c == '`') {
                throw SyntaxException.of(c);
            } else {
                boolean escapes = c == '\\' && "\"\\$`".indexOf(text.charAt(at + 1)) >= 0;
                add(String.valueOf(text.charAt(escapes ? at + 1 : at)));
                at += escapes ? 2 : 1;
            }
        }
        at++;
    }

    private void variable() throws SyntaxException {
        Matcher variable = VARIABLE.matcher(text).region(at, text.length());
        if (variable.lookingAt()) {
            String value = variables.apply(variable.group(1) == null ? variable.group(2) : variable.group(1));
            if (!value.isEmpty()) {
                add(value);
            }
            at = variable.end();
        } else if (text.startsWith("$(", at) || text.startsWith("${", at)) {
            throw SyntaxException.of('$');
        } else {
            add("$");
            at++;
        }
    }

    private void add(String piece) {
        inWord = true;
        word.append(piece);
    }

    private void endWord() {
        if (inWord) {
            words.add(word.toString());
            word.setLength(0);
            inWord = false;
        }
    }
}
