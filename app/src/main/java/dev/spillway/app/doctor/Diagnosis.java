package dev.spillway.app.doctor;

/**
 * One thing that was looked at. Each text is one line.
 *
 * @param subject what was looked at, such as {@code clock} or {@code Region cn-hangzhou}
 * @param what how it is
 * @param remedy what to do; empty where there is nothing to do, or {@code what} says it
 */
record Diagnosis(Verdict verdict, String subject, String what, String remedy) {

    /** How bad it is, from good to bad. */
    enum Verdict {
        FINE("ok", "Fine"),
        /** Nothing is broken, but somebody may expect otherwise; or it could not be looked at. */
        WORTH_KNOWING("note", "WorthKnowing"),
        TROUBLE("TROUBLE", "Trouble");

        private final String mark;
        private final String text;

        Verdict(String mark, String text) {
            this.mark = mark;
            this.text = text;
        }

        /** What a line for people begins with. */
        String mark() {
            return mark;
        }

        /** Its name in JSON. */
        String text() {
            return text;
        }
    }

    Diagnosis {
        what = oneLine(what);
        remedy = oneLine(remedy);
    }

    static Diagnosis fine(String subject, String what) {
        return new Diagnosis(Verdict.FINE, subject, what, "");
    }

    static Diagnosis worthKnowing(String subject, String what, String remedy) {
        return new Diagnosis(Verdict.WORTH_KNOWING, subject, what, remedy);
    }

    static Diagnosis trouble(String subject, String what, String remedy) {
        return new Diagnosis(Verdict.TROUBLE, subject, what, remedy);
    }

    /** Servers' own words may have several. */
    private static String oneLine(String text) {
        return String.join(" ", text.strip().lines().map(String::strip).toList());
    }
}
