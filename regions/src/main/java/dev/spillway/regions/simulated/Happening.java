package dev.spillway.regions.simulated;

/** What can be made to happen to one instance from outside. */
public enum Happening {
    /** Its containers end with 0. */
    COMPLETE,
    /** Its containers end with 1. */
    FAIL,
    /** The region takes the capacity back, reason SpotReclaimed. */
    RECLAIM,
    /** The region says, by reason SpotToBeReleased, that it takes the capacity back in 5 minutes, and then does so (E56). */
    RECLAIM_SOON;

    /** What came of it. */
    public enum Result {
        DONE,
        /** It had ended before, or been told to. */
        ALREADY_ENDED,
        NO_SUCH_INSTANCE
    }
}
