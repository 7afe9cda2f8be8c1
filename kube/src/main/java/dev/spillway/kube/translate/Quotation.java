package dev.spillway.kube.translate;

import java.util.Arrays;

/**
 * What somebody else said, from which secrets are taken that it quotes. Servers quote what they were sent in JSON, in JSON within JSON, or as it is, and
 * each writes escapes in its own way: a slash with a backslash or without, {@code <} as itself or by its number, a line's end as two characters or as one.
 * So what is compared has neither backslashes nor escapes, and white space is one space. Not thread-safe.
 */
public final class Quotation {
    /** What stands in place of a secret. */
    public static final String INSTEAD = "(not shown)";

    /** What a quoted value stands behind, or before: of JSON, of Go ({@code map[a:b]}, {@code {a b}}), of a setting. */
    private static final String BEFORE_A_VALUE = "\"'`=:[{(<,";

    private static final String BEHIND_A_VALUE = "\"'`";

    private final String words;
    private final Plain plain;
    private final String text; // the plain one
    private final boolean[] hidden; // by place in that

    public Quotation(String words) {
        this.words = words;
        this.plain = new Plain(words);
        this.text = plain.text.toString();
        this.hidden = new boolean[text.length()];
    }

    /** Where a secret is one, and not a piece or a word of the text. */
    public enum Where {
        ANYWHERE,
        /** Not within a longer word. */
        WHOLE,
        /** Whole, and in quotes or behind a colon, an equals sign or a bracket. */
        AS_VALUE
    }

    /** Takes a secret out wherever it is. */
    public void hide(String secret) {
        hide(secret, Where.ANYWHERE);
    }

    /** Takes a secret out where it stands so. */
    public void hide(String secret, Where where) {
        var wanted = new Plain(secret).text.toString();
        if (wanted.isBlank()) {
            return;
        }
        for (int at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
            int end = at + wanted.length();
            boolean isThere = switch (where) {
                case ANYWHERE -> true;
                case WHOLE -> isWhole(at, end);
                case AS_VALUE -> isWhole(at, end) && isValue(at, end);
            };
            if (isThere) {
                Arrays.fill(hidden, at, end, true);
            }
        }
    }

    private boolean isWhole(int start, int end) {
        return (start == 0 || !Character.isLetterOrDigit(text.charAt(start - 1)))
                && (end == text.length() || !Character.isLetterOrDigit(text.charAt(end)));
    }

    private boolean isValue(int start, int end) {
        return (start > 0 && BEFORE_A_VALUE.indexOf(text.charAt(start - 1)) >= 0)
                || (end < text.length() && BEHIND_A_VALUE.indexOf(text.charAt(end)) >= 0);
    }

    /** The words without what was taken out; the very same ones where that is nothing. */
    public String text() {
        var kept = new StringBuilder(words.length());
        int copied = 0; // of the words
        for (int at = 0; at < hidden.length; at++) {
            if (hidden[at]) {
                kept.append(words, copied, plain.starts[at]).append(INSTEAD);
                while (at + 1 < hidden.length && hidden[at + 1]) {
                    at++;
                }
                copied = plain.ends[at];
            }
        }
        return copied == 0 ? words : kept.append(words, copied, words.length()).toString();
    }

    /** A text without escapes, and of each character of it where it stands in the words: backslashes in front of it are its own. */
    private static final class Plain {
        private final StringBuilder text;
        private final int[] starts;
        private final int[] ends;

        Plain(String words) {
            text = new StringBuilder(words.length());
            starts = new int[words.length()];
            ends = new int[words.length()];
            int at = 0;
            while (at < words.length()) {
                int first = at;
                while (at < words.length() && words.charAt(at) == '\\') {
                    at++;
                }
                if (at < words.length()) {
                    at = read(words, first, at);
                }
            }
        }

        /** Reads one character, and returns where the next one begins. */
        private int read(String words, int first, int at) {
            boolean isEscaped = at > first;
            if (isEscaped && isUnicode(words, at)) {
                add((char) Integer.parseInt(words, at + 1, at + 5, 16), first, at + 5);
                return at + 5;
            }
            add(isEscaped ? unescaped(words.charAt(at)) : words.charAt(at), first, at + 1);
            return at + 1;
        }

        private void add(char any, int start, int end) {
            char plain = Character.isISOControl(any) ? ' ' : any;
            int count = text.length();
            if (plain == ' ' && count > 0 && text.charAt(count - 1) == ' ') {
                ends[count - 1] = end;
            } else {
                starts[count] = start;
                ends[count] = end;
                text.append(plain);
            }
        }

        private static boolean isUnicode(String words, int at) {
            return words.charAt(at) == 'u'
                    && at + 5 <= words.length()
                    && words.substring(at + 1, at + 5)
                            .chars()
                            .allMatch(digit -> Character.digit(digit, 16) >= 0 && digit < 0x80);
        }

        /** Of white space that has a letter in JSON. */
        private static char unescaped(char letter) {
            return switch (letter) {
                case 'n', 'r', 't', 'b', 'f' -> ' ';
                default -> letter;
            };
        }
    }
}
