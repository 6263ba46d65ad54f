"""The stack that Hilo replaces, as its own description has it, for the benchmark to measure against.

FastAPI with synchronous handlers, SQLAlchemy 2 sessions over psycopg2, twilio's RequestValidator and
`PhoneRotationService`. Faithful, not foolish: columns that are searched are indexed, the pool is
large, nothing logs. What it does not do (no outbox, no inbox, no lock) is what it did not do.

    python app.py    drops, creates and seeds the tables

Settings: PEER_DATABASE_URL, PEER_PUBLIC_BASE (the address that the provider signs), PEER_AUTH_TOKEN.
"""

import datetime as dt
import os
import uuid

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.responses import Response
from sqlalchemy import DateTime, Uuid, create_engine, func, make_url, select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker
from twilio.request_validator import RequestValidator

PUBLIC_BASE = os.environ.get("PEER_PUBLIC_BASE", "https://example.test")
AUTH_TOKEN = os.environ.get("PEER_AUTH_TOKEN", "12345")
EMPTY_TWIML = "<Response></Response>"

# A handler runs on one of 40 threads (anyio's default): as many connections, so that none waits.
# Whatever name the URL gives the dialect, `postgres` among them, it is psycopg2 that is measured.
engine = create_engine(
    make_url(os.environ["PEER_DATABASE_URL"].replace("postgres://", "postgresql://", 1)).set(
        drivername="postgresql+psycopg2"
    ),
    pool_size=40,
    max_overflow=0,
)
SessionLocal = sessionmaker(bind=engine, autoflush=False)


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Base(DeclarativeBase):
    pass


class UserConversation(Base):
    __tablename__ = "py_user_conversations"

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=uuid.uuid4)
    user_id: Mapped[int] = mapped_column(index=True)
    to_number: Mapped[str] = mapped_column(index=True)
    from_twilio_number: Mapped[str] = mapped_column(index=True)
    conversation_status: Mapped[str] = mapped_column(default="active")
    last_message_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True), default=now)


class PhoneNumber(Base):
    __tablename__ = "py_phone_numbers"

    id: Mapped[int] = mapped_column(primary_key=True)
    phone_number: Mapped[str] = mapped_column(unique=True)
    rotation_enabled: Mapped[bool] = mapped_column(default=True)
    rotation_priority: Mapped[int] = mapped_column(default=0)
    last_used_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))


class SMSMessage(Base):
    __tablename__ = "py_sms_messages"

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=uuid.uuid4)
    sid: Mapped[str]
    from_number: Mapped[str] = mapped_column(index=True)
    to_number: Mapped[str]
    body: Mapped[str]
    user_id: Mapped[int | None]
    created_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now()
    )


class PhoneRotationService:
    def __init__(self, db: Session):
        self.db = db

    def get_number_for_recipient(self, user_id: int, to_number: str) -> str:
        conversation = self.get_conversation(user_id, to_number)
        if conversation is None:
            return self._assign_new_number(user_id, to_number)
        conversation.last_message_at = now()
        # Read before the commit: afterwards it would be one query more, to refresh the row.
        number = conversation.from_twilio_number
        self.db.commit()
        return number

    def get_conversation(self, user_id: int, to_number: str) -> UserConversation | None:
        return self.db.execute(
            select(UserConversation)
            .where(UserConversation.user_id == user_id, UserConversation.to_number == to_number)
            .limit(1)
        ).scalar_one_or_none()

    def get_conversation_by_twilio_number(
        self, twilio_number: str, sender: str
    ) -> UserConversation | None:
        return self.db.execute(
            select(UserConversation)
            .where(
                UserConversation.from_twilio_number == twilio_number,
                UserConversation.to_number == sender,
            )
            .limit(1)
        ).scalar_one_or_none()

    def _assign_new_number(self, user_id: int, to_number: str) -> str:
        least_used = self.db.execute(
            select(PhoneNumber)
            .where(PhoneNumber.rotation_enabled.is_(True))
            .order_by(
                PhoneNumber.rotation_priority.desc(), PhoneNumber.last_used_at.asc().nulls_first()
            )
            .limit(1)
        ).scalar_one()
        number = least_used.phone_number
        self.db.add(
            UserConversation(user_id=user_id, to_number=to_number, from_twilio_number=number)
        )
        least_used.last_used_at = now()
        self.db.commit()
        return number


app = FastAPI()
validator = RequestValidator(AUTH_TOKEN)


def get_db():
    with SessionLocal() as db:
        yield db


async def form(request: Request) -> dict:
    return dict(await request.form())


@app.get("/rotate")
def rotate(user: int, to: str, db: Session = Depends(get_db)):
    return {"number": PhoneRotationService(db).get_number_for_recipient(user, to)}


@app.post("/webhook")
def webhook(request: Request, fields: dict = Depends(form), db: Session = Depends(get_db)):
    signature = request.headers.get("x-twilio-signature", "")
    if not validator.validate(PUBLIC_BASE + request.url.path, fields, signature):
        raise HTTPException(403)
    conversation = PhoneRotationService(db).get_conversation_by_twilio_number(
        fields["To"], fields["From"]
    )
    db.add(
        SMSMessage(
            sid=fields["MessageSid"],
            from_number=fields["From"],
            to_number=fields["To"],
            body=fields["Body"],
            user_id=conversation.user_id if conversation else None,
        )
    )
    if conversation:
        conversation.last_message_at = now()
    db.commit()
    return Response(EMPTY_TWIML, media_type="text/xml")


def seed() -> None:
    """16 numbers +52550…+525515 and user 0's 10 000 conversations with +525500000000 and on."""
    Base.metadata.drop_all(engine)
    Base.metadata.create_all(engine)
    with SessionLocal() as db:
        db.add_all(PhoneNumber(id=i, phone_number=f"+5255{i}") for i in range(16))
        db.add_all(
            UserConversation(
                user_id=0, to_number=f"+5255{i:08d}", from_twilio_number=f"+5255{i % 16}"
            )
            for i in range(10_000)
        )
        db.commit()
        db.execute(text("ANALYZE"))
        db.commit()


if __name__ == "__main__":
    seed()
