package dev.spillway.recording.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** Numbers, and true and false. Fractions have no form: nothing that decides reckons with them. */
enum Primitive implements Form {
    INT {
        @Override
        public void write(JsonGenerator out, Object value) throws IOException {
            out.writeNumber((int) value);
        }

        @Override
        public Object read(JsonParser in) throws IOException {
            Form.expect(in, JsonToken.VALUE_NUMBER_INT, "a whole number");
            return in.getIntValue();
        }
    },
    LONG {
        @Override
        public void write(JsonGenerator out, Object value) throws IOException {
            out.writeNumber((long) value);
        }

        @Override
        public Object read(JsonParser in) throws IOException {
            Form.expect(in, JsonToken.VALUE_NUMBER_INT, "a whole number");
            return in.getLongValue();
        }
    },
    BOOLEAN {
        @Override
        public void write(JsonGenerator out, Object value) throws IOException {
            out.writeBoolean((boolean) value);
        }

        @Override
        public Object read(JsonParser in) throws IOException {
            if (!in.hasToken(JsonToken.VALUE_FALSE)) {
                Form.expect(in, JsonToken.VALUE_TRUE, "true or false");
            }
            return in.hasToken(JsonToken.VALUE_TRUE);
        }
    }
}
