package dev.spillway.clusterregion.call;

/** Why it is not known what has become of a request, where no reply says so. Constants, since everybody who waits for the region is told. */
public enum Doubt {
    ANOTHER_OBJECT("it answered with another object"),
    ANOTHER_POD("it answered with another pod than was asked for"),
    NAME_TAKEN("a pod of the same name does not end there"),
    NOT_DECIDED("its scheduler has not decided about the pod yet"),
    NOT_TAKEN_BACK("its pod there could not be taken back"),
    DOES_NOT_END("its pod there does not end"),
    NOT_OURS("its pod there is not ours any more"),
    INTERRUPTED("interrupted");

    private final String text;

    Doubt(String text) {
        this.text = text;
    }

    /** In words, as one clause. */
    String text() {
        return text;
    }
}
