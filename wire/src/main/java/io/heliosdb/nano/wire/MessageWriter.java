package io.heliosdb.nano.wire;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.session.Notice;
import io.heliosdb.nano.type.ByteSink;
import org.jspecify.annotations.Nullable;

/// Builds backend messages in one reused buffer; the transport takes it whole. Layouts: PostgreSQL manual, "Message Formats".
final class MessageWriter {
  private final ByteSink out = new ByteSink(16 * 1024);
  private int lengthAt;

  ByteSink sink() {
    return out;
  }

  int size() {
    return out.size();
  }

  void begin(char type) {
    out.put(type);
    lengthAt = out.size();
    out.putInt(0);
  }

  void end() {
    out.setInt(lengthAt, out.size() - lengthAt);
  }

  void string(String text) {
    out.putUtf8(text).put(0);
  }

  void int32(int value) {
    out.putInt(value);
  }

  /// A value with its length before it.
  void sized(byte[] bytes) {
    out.putInt(bytes.length).put(bytes, 0, bytes.length);
  }

  void empty(char type) {
    out.put(type).putInt(4);
  }

  void commandComplete(String tag) {
    begin('C');
    string(tag);
    end();
  }

  void readyForQuery(char status) {
    out.put('Z').putInt(5).put(status);
  }

  void parameterStatus(String name, String value) {
    begin('S');
    string(name);
    string(value);
    end();
  }

  void authentication(int code) {
    out.put('R').putInt(8).putInt(code);
  }

  void backendKeyData(int pid, int secret) {
    out.put('K').putInt(12).putInt(pid).putInt(secret);
  }

  void error(String severity, SqlException e) {
    begin('E');
    field('S', severity);
    field('V', severity);
    field('C', e.state().code());
    field('M', e.getMessage());
    field('D', e.detail());
    field('H', e.hint());
    if (e.internalQuery() != null) {
      field('p', Integer.toString(e.position()));
      field('q', e.internalQuery());
    } else if (e.position() > 0) {
      field('P', Integer.toString(e.position()));
    }
    field('W', e.context());
    SqlException.ErrorObject object = e.object();
    if (object != null) {
      field('s', object.schema());
      field('t', object.table());
      field('c', object.column());
      field('d', object.dataType());
      field('n', object.constraint());
    }
    out.put(0);
    end();
  }

  void notice(Notice notice) {
    begin('N');
    field('S', notice.severity());
    field('V', notice.severity());
    field('C', notice.state().code());
    field('M', notice.message());
    field('D', notice.detail());
    field('H', notice.hint());
    if (notice.position() > 0) {
      field('P', Integer.toString(notice.position()));
    }
    out.put(0);
    end();
  }

  private void field(char code, @Nullable String value) {
    if (value != null) {
      out.put(code);
      string(value);
    }
  }

  void notification(int pid, String channel, String payload) {
    begin('A');
    out.putInt(pid);
    string(channel);
    string(payload);
    end();
  }
}
