package dev.spillway.core.model;

/** An idempotency token: 64 hexadecimal digits. The same token never creates two instances in a region. */
public record Token(String value) implements Comparable<Token> {
    @Override
    public int compareTo(Token other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
