package dev.spillway.embedded.store;

import java.util.UUID;

/**
 * UIDs and generated names: looking random, yet decided by the seed and a counter.
 *
 * <p>SplitMix64 [1] of the counter; its output is a permutation, so that no UID occurs twice.
 *
 * <p>[1] Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, OOPSLA 2014.
 */
final class Identities {

    /** Letters of generated names: apimachinery {@code util/rand}, without vowels and what is easily confused. */
    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

    private static final int SUFFIX_LENGTH = 5;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final long seed;
    private long counter;

    Identities(long seed) {
        this.seed = mix(seed);
    }

    /** A new UID in the form of a random UUID. */
    String uid() {
        // Version 4, variant 2, as everybody expects of a Kubernetes UID.
        long high = (next() & ~0xF000L) | 0x4000L;
        long low = (next() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L;
        return new UUID(high, low).toString();
    }

    /** Five letters to end a name with. */
    String suffix() {
        long rest = next() >>> 1;
        StringBuilder suffix = new StringBuilder();
        for (int i = 0; i < SUFFIX_LENGTH; i++) {
            suffix.append(ALPHABET.charAt((int) (rest % ALPHABET.length())));
            rest /= ALPHABET.length();
        }
        return suffix.toString();
    }

    private long next() {
        counter++;
        return mix(seed + counter * GOLDEN);
    }

    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
