package io.heliosdb.nano.type;

import java.time.ZoneId;
import java.time.ZoneOffset;

/// The session facts that reading and writing values depends on. Immutable; a session makes a new one when a setting
/// changes and for each transaction (`transactionMicros`).
///
/// `transactionMicros` is the start of the transaction in microseconds since 2000-01-01 UTC: what 'now' and 'today' mean.
public final class IoContext {
  public enum DateStyle {ISO, SQL, POSTGRES, GERMAN}

  public enum DateOrder {YMD, DMY, MDY}

  public enum IntervalStyle {POSTGRES, POSTGRES_VERBOSE, SQL_STANDARD, ISO_8601}

  public enum ByteaOutput {HEX, ESCAPE}

  public enum XmlBinary {BASE64, HEX}

  /// PostgreSQL's defaults in zone UTC with the built-in types.
  public static final IoContext DEFAULT = new IoContext(new Builder());

  private final DateStyle dateStyle;
  private final DateOrder dateOrder;
  private final IntervalStyle intervalStyle;
  private final ZoneId zone;
  private final String zoneName;
  private final int extraFloatDigits;
  private final ByteaOutput byteaOutput;
  private final XmlBinary xmlBinary;
  private final boolean xmlDocument;
  private final long transactionMicros;
  private final TypeCatalog types;
  private final RegObjects regObjects;

  private IoContext(Builder b) {
    dateStyle = b.dateStyle;
    dateOrder = b.dateOrder;
    intervalStyle = b.intervalStyle;
    zone = b.zone;
    zoneName = b.zoneName;
    extraFloatDigits = b.extraFloatDigits;
    byteaOutput = b.byteaOutput;
    xmlBinary = b.xmlBinary;
    xmlDocument = b.xmlDocument;
    transactionMicros = b.transactionMicros;
    types = b.types;
    regObjects = b.regObjects;
  }

  private IoContext(IoContext c, long newTransactionMicros) {
    dateStyle = c.dateStyle;
    dateOrder = c.dateOrder;
    intervalStyle = c.intervalStyle;
    zone = c.zone;
    zoneName = c.zoneName;
    extraFloatDigits = c.extraFloatDigits;
    byteaOutput = c.byteaOutput;
    xmlBinary = c.xmlBinary;
    xmlDocument = c.xmlDocument;
    transactionMicros = newTransactionMicros;
    types = c.types;
    regObjects = c.regObjects;
  }

  /// The same in another transaction.
  public IoContext withTransactionMicros(long micros) {
    return micros == transactionMicros ? this : new IoContext(this, micros);
  }

  public static Builder builder() {
    return new Builder();
  }

  public Builder toBuilder() {
    Builder b = new Builder();
    b.dateStyle = dateStyle;
    b.dateOrder = dateOrder;
    b.intervalStyle = intervalStyle;
    b.zone = zone;
    b.zoneName = zoneName;
    b.extraFloatDigits = extraFloatDigits;
    b.byteaOutput = byteaOutput;
    b.xmlBinary = xmlBinary;
    b.xmlDocument = xmlDocument;
    b.transactionMicros = transactionMicros;
    b.types = types;
    b.regObjects = regObjects;
    return b;
  }

  public DateStyle dateStyle() {
    return dateStyle;
  }

  public DateOrder dateOrder() {
    return dateOrder;
  }

  public IntervalStyle intervalStyle() {
    return intervalStyle;
  }

  public ZoneId zone() {
    return zone;
  }

  /// The session's zone as it was set, such as `Europe/Berlin` or `<-07>+07`.
  public String zoneName() {
    return zoneName;
  }

  public int extraFloatDigits() {
    return extraFloatDigits;
  }

  public ByteaOutput byteaOutput() {
    return byteaOutput;
  }

  public XmlBinary xmlBinary() {
    return xmlBinary;
  }

  /// `xmloption = document`: text that becomes xml must be a document.
  public boolean xmlDocument() {
    return xmlDocument;
  }

  public long transactionMicros() {
    return transactionMicros;
  }

  public TypeCatalog types() {
    return types;
  }

  public RegObjects regObjects() {
    return regObjects;
  }

  /// Collects the properties of a context; confined to its caller.
  public static final class Builder {
    private DateStyle dateStyle = DateStyle.ISO;
    private DateOrder dateOrder = DateOrder.MDY;
    private IntervalStyle intervalStyle = IntervalStyle.POSTGRES;
    private ZoneId zone = ZoneOffset.UTC;
    private String zoneName = "UTC";
    private int extraFloatDigits = 1;
    private ByteaOutput byteaOutput = ByteaOutput.HEX;
    private XmlBinary xmlBinary = XmlBinary.BASE64;
    private boolean xmlDocument;
    private long transactionMicros;
    private TypeCatalog types = PgTypes.BUILTIN;
    private RegObjects regObjects = RegObjects.NUMBERS_ONLY;

    private Builder() {}

    public Builder dateStyle(DateStyle value, DateOrder order) {
      dateStyle = value;
      dateOrder = order;
      return this;
    }

    public Builder intervalStyle(IntervalStyle value) {
      intervalStyle = value;
      return this;
    }

    public Builder zone(ZoneId value) {
      return zone(value, value == ZoneOffset.UTC ? "UTC" : value.getId());
    }

    public Builder zone(ZoneId value, String name) {
      zone = value;
      zoneName = name;
      return this;
    }

    public Builder extraFloatDigits(int value) {
      extraFloatDigits = value;
      return this;
    }

    public Builder byteaOutput(ByteaOutput value) {
      byteaOutput = value;
      return this;
    }

    public Builder xmlBinary(XmlBinary value) {
      xmlBinary = value;
      return this;
    }

    public Builder xmlDocument(boolean value) {
      xmlDocument = value;
      return this;
    }

    public Builder transactionMicros(long value) {
      transactionMicros = value;
      return this;
    }

    public Builder types(TypeCatalog value) {
      types = value;
      return this;
    }

    public Builder regObjects(RegObjects value) {
      regObjects = value;
      return this;
    }

    public IoContext build() {
      return new IoContext(this);
    }
  }
}
