/**
 * Given names that are common in England and seldom anything else; with a family name behind it one stands for a person.
 * Names that are also words or places of the trade (Grace, Hope, Chester, Victoria, May) are left out: a rule that refuses good
 * returns would soon be switched off.
 */
export const givenNames: ReadonlySet<string> = new Set(
  `Aaron Abdul Abdullah Abigail Adam Ahmed Aidan Aisha Alan Albert Alex Alexander Alfie Alice Alicia Ali Amanda Amber Amelia
   Amina Amy Andrea Andrew Angela Anita Ann Anna Anne Annie Anthony Antonio Archie Arthur Asha Ava Ayesha Barbara Ben Benjamin
   Beth Bethany Brandon Brenda Brian Caitlin Callum Cameron Carol Caroline Catherine Charlie Charlotte Chloe Chris Christine
   Christopher Claire Connor Craig Daniel Danielle Darren David Dawn Dean Deborah Declan Denise Dennis Diane Donna Dylan Edward
   Eleanor Elizabeth Ella Ellie Elliot Emily Emma Erin Ethan Eva Evelyn Evie Fatima Fiona Frances Freddie Freya Gareth Gary
   Gemma George Georgia Gillian Graham Hamza Hannah Harriet Harry Hassan Heather Helen Henry Hussain Ian Ibrahim Imogen Imran
   Isaac Isabel Isabella Isla Jack Jacob Jade Jake James Jamie Jane Janet Jason Jayden Jennifer Jenny Jessica Joanna Joanne Joe
   John Jonathan Joseph Joshua Julia Julie Karen Kate Katherine Kathleen Katie Kayleigh Keith Kelly Kevin Khadija Kieran Kim
   Kyle Laura Lauren Leah Leanne Leo Lewis Liam Linda Lisa Logan Louise Lucas Lucy Luke Lydia Maisie Malik Margaret Maria Marie
   Mark Martha Martin Mary Maryam Mason Matthew Maya Megan Melissa Mia Michael Michelle Millie Mohamed Mohammad Mohammed
   Molly Muhammad Mustafa Nasir Natalie Natasha Nathan Neil Niamh Nicholas Nicola Nicole Noah Oliver Olivia Omar Oscar Owen
   Pamela Patricia Patrick Paul Paula Pauline Peter Philip Phoebe Rachel Rebecca Reece Rhys Richard Robert Ronald Rosie Ruby
   Ryan Sally Samantha Samir Samuel Sandra Sarah Scarlett Sean Shannon Sharon Shaun Sheila Simon Sofia Sophia Sophie Stacey
   Stanley Stephanie Stephen Steven Stuart Susan Suzanne Tanya Teresa Theo Thomas Tina Toby Tracey Tracy Tyler Vanessa Wayne
   Wendy William Yasmin Yusuf Zachary Zainab Zara Zoe`.split(/\s+/),
);

/** What stands behind a given name in the name of a place or a service: no family name. */
export const notFamilyNames: ReadonlySet<string> = new Set(
  `Academy Avenue Barracks Building Centre Children Children's Clinic Close College Community Court Crescent Day Drive Family
   Foundation Gardens Green Grove Hall Hill Home Hospice Hospital House Hub Infirmary Lane Lodge Mews Nursery Park Partnership
   Place Primary Project Road School Secondary Service Services Square Street Team Terrace Trust Unit View Villa
   Wood Report Review`.split(/\s+/),
);
