package dev.spillway.kubelet.access;

/** Who asks. */
public sealed interface Authentication {
    /** A user that the home cluster vouches for. */
    record Known(User user) implements Authentication {}

    /** Nobody: no credentials, or none that count. */
    record Anonymous() implements Authentication {}

    /** The home cluster did not say. */
    record Unknown(String why) implements Authentication {}
}
