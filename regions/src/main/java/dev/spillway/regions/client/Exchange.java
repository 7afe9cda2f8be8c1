package dev.spillway.regions.client;

/** What became of one HTTP request. */
sealed interface Exchange {
    /** There was an answer, whatever it says. */
    record Answered(int status, String body) implements Exchange {}

    /** The request certainly did not reach anybody: no connection came about. */
    record NotDelivered(String why) implements Exchange {}

    /** It may have been carried out. */
    record NoAnswer(String why) implements Exchange {}
}
