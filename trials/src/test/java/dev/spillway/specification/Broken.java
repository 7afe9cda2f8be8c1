package dev.spillway.specification;

/** Something cited that is not there; its text is {@code FILE:LINE: WHAT}. */
record Broken(String text) {
    static Broken at(Passage passage, int offset, String what) {
        return new Broken("%s:%d: %s".formatted(passage.file(), passage.lineAt(offset), what));
    }

    @Override
    public String toString() {
        return text;
    }
}
