package dev.spillway.embedded.structure;

import org.jspecify.annotations.Nullable;

/** Base64, as Go's package base64 reads it: its CorruptInputError. */
final class GoBase64 {

    private static final int GROUP = 4;

    private GoBase64() {}

    /** What is wrong with a text, or null. Bits that are left over are not looked at. */
    static @Nullable String wrong(String text) {
        int digits = 0;
        int end = text.length();
        for (int place = 0; place < end; place++) {
            char here = text.charAt(place);
            if (here == '\r' || here == '\n') {
                continue;
            }
            boolean digit = here < 0x80 && (Character.isLetterOrDigit(here) || here == '+' || here == '/');
            boolean padding = here == '=' && digits % GROUP >= 2 && isPaddingOnly(text, place, GROUP - digits % GROUP);
            if (padding) {
                return null;
            }
            if (!digit) {
                return illegal(place);
            }
            digits++;
        }
        return digits % GROUP == 0 ? null : illegal(end - digits % GROUP);
    }

    private static boolean isPaddingOnly(String text, int from, int count) {
        return text.substring(from).strip().equals("=".repeat(count));
    }

    private static String illegal(int place) {
        return "illegal base64 data at input byte " + place;
    }
}
