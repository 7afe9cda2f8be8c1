package dev.spillway.trials.scenario.report;

import java.util.List;

/** A place of a scenario where expectations held, which can be judged again from what was seen there. */
public interface Judged {
    /** The place, in words. */
    String where();

    /** How many expectations held there. */
    int size();

    /**
     * Judges what was seen once more for each expectation, with that one inverted, by the same judging; each time something must
     * be wrong.
     *
     * @return in words, those of the inverted expectations that were not noticed
     */
    List<String> survivors();
}
