package dev.spillway.embedded.tree;

import com.fasterxml.jackson.databind.node.DoubleNode;

/** A number with a fraction or an exponent, and how it was written: a quantity is read from the text, {@code 1e-3} and 0.001 differ. */
@SuppressWarnings({"serial", "EqualsHashCode"}) // equal to every number of its value, as its superclass says
public final class WrittenNumber extends DoubleNode {

    private final String text;

    /** The number of that value. */
    public WrittenNumber(double value, String text) {
        super(value);
        this.text = text;
    }

    /** As it was written. */
    public String text() {
        return text;
    }
}
