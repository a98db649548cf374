"""What a learner writes, forty times."""

TITLES = [
    "A call to a customer who had waited",
    "The complaint of 3 May",
    "At the counter, filmed",
    "A talk with my manager, recorded",
    "A letter of apology",
    "The notice board of our promises",
    "Slides for the team",
    "My diary of two weeks",
    "A refund that took too long",
    "Notes from the telephone",
    "Meeting the regulars",
    "Observed: opening the shop",
    "Talked over: keeping a promise",
    "Asked: who decides a refund",
    "Answered in writing: our promises",
    "The order book, seen in its place",
    "What I learned at my last job",
    "The survey of June",
    "What the survey changed",
    "An order that went astray",
    "Helping at the desk",
    "Seen by my manager",
    "Seen by the trainer",
    "The new form for returns",
    "A customer who does not hear well",
    "Two people who came back",
    "The list of our suppliers",
    "Ringing round before the sale",
    "A parcel for the wrong house",
    "Saying no, kindly",
    "A thank-you card",
    "What we may say on the telephone",
    "Data we keep, and why",
    "The open evening",
    "A plan for the winter",
    "Numbers of the spring",
    "A new colleague at the desk",
    "The queue on Saturday",
    "A promise I could not keep",
    "What I shall do differently",
]

ACCOUNTS = [
    "A customer had waited for her order since Monday. So I rang her back within the hour and "
    "told her what had gone wrong, what we would do, and by when. She said that she had not been "
    "told so plainly before. On Thursday I rang again to hear whether it had come.",
    "I wrote down each promise that we make to customers and looked where we break it. Two of them "
    "nobody had known of. We talked about it in the team, and put them on the board by the till.",
    "He was angry when he came in. I listened first, then asked what he needed today. We found "
    "that his parcel stood at the depot; I had it brought while he waited, and he thanked me.",
    "Every Friday I look through the week's complaints. Most are about waiting, so I asked whether "
    "somebody could answer the telephone while we open. Since then there are half as many.",
    "The regulars know me by name, and I know what they order. When something changes I tell them "
    "before they have to ask: that is why they come back.",
]
