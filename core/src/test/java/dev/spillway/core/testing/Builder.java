package dev.spillway.core.testing;

import java.util.function.Consumer;

/**
 * Makes values of one type: each call returns a builder of its own and leaves this one as it is, so one that is kept can serve many
 * tests.
 *
 * @param <B> the builder itself
 * @param <T> what it makes
 */
abstract class Builder<B extends Builder<B, T>, T> implements Cloneable {
    /** The value. */
    public abstract T build();

    /** This builder, changed: only the copy that it is given may be written to. */
    @SuppressWarnings("unchecked") // B is the class itself
    final B with(Consumer<B> change) {
        try {
            var copy = (B) super.clone();
            change.accept(copy);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }
}
